#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/mail/dns_texts.hpp"

namespace kundehub::mail {

/// What the DNS says of a sender's domain: may our server send for it (SPF), and what is a receiver to do with a mail
/// that was forged (DMARC)?
struct SenderPolicy {
  enum class State {
    found,      ///< one record, as it should be
    missing,    ///< none
    several,    ///< more than one: receivers then take none of them
    no_answer,  ///< no resolver has answered
  };
  State state = State::no_answer;
  std::string domain{};  ///< where the record was found
  std::string record{};  ///< with `found`
};

/// How the DNS is asked; the name is ASCII.
using TextLookup = std::function<DnsTexts(const std::string& name)>;

/// True for names that no sender has: `localhost`, `example`, `test`, `invalid`, `example.com` and what is below them
/// (RFC 2606), and names without a dot.
bool is_reserved_domain(std::string_view domain);

/// The SPF record of the domain (RFC 7208, section 4.5).
SenderPolicy find_spf(const std::string& domain, const TextLookup& look_up);

/// The DMARC record of the domain, or of the nearest domain above it that has one and two labels or more (RFC 7489,
/// section 6.6.3; without the list of public suffixes). At most eight names are asked for.
SenderPolicy find_dmarc(const std::string& domain, const TextLookup& look_up);

}  // namespace kundehub::mail
