#pragma once

#include <span>
#include <string>
#include <vector>

namespace kundehub::mail {

/// What the DNS has said about the TXT records of a name.
struct DnsTexts {
  enum class Answer {
    given,     ///< `texts` are all of them
    none,      ///< the name has none, or does not exist
    no_answer  ///< no resolver answered in time, or with a failure
  };
  Answer answer = Answer::no_answer;
  std::vector<std::string> texts{};
};

/// The TXT records in the answer section of a DNS message (RFC 1035, sections 3.3.14 and 4.1), the strings of each
/// joined without anything between them (RFC 7208, section 3.3). Hostile messages are survived: what is malformed ends
/// the list, bytes that are no printable ASCII become `?`, and no more than 64 records of 8 KiB are kept.
std::vector<std::string> read_dns_texts(std::span<const unsigned char> message);

/// Asks the servers of resolv.conf(5) for the TXT records of `name` (ASCII): two tries of two seconds for each of them,
/// and ten seconds in all, after which the question is left alone.
DnsTexts look_up_texts(const std::string& name);

}  // namespace kundehub::mail
