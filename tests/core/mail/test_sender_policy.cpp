#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/mail/sender_policy.hpp"

using namespace kundehub::mail;
using State = SenderPolicy::State;

namespace {

/// A DNS with these TXT records, and the names it was asked for.
struct Dns {
  std::map<std::string, std::vector<std::string>> texts;
  bool answers = true;
  std::vector<std::string> asked{};

  TextLookup look_up() {
    return [this](const std::string& name) -> DnsTexts {
      asked.push_back(name);
      if (!answers) return {};
      const auto found = texts.find(name);
      if (found == texts.end()) return {.answer = DnsTexts::Answer::none};
      return {.answer = DnsTexts::Answer::given, .texts = found->second};
    };
  }
};

}  // namespace

TEST_CASE("a domain has one SPF record, beside other texts") {
  Dns dns{{{"firma.dk", {"google-site-verification=x", "v=spf1 mx -all"}}}};
  const SenderPolicy spf = find_spf("firma.dk", dns.look_up());
  CHECK(spf.state == State::found);
  CHECK(spf.record == "v=spf1 mx -all");
}

TEST_CASE("what looks like SPF and is another version does not count") {
  for (const char* text : {"v=spf10 mx", "v=spf1mx", " v=spf1 mx", "spf1 mx", "v=spf", ""}) {
    CAPTURE(text);
    Dns dns{{{"firma.dk", {text}}}};
    CHECK(find_spf("firma.dk", dns.look_up()).state == State::missing);
  }
  Dns bare{{{"firma.dk", {"V=SPF1"}}}};
  CHECK(find_spf("firma.dk", bare.look_up()).state == State::found);
}

TEST_CASE("two SPF records are one too many") {
  Dns dns{{{"firma.dk", {"v=spf1 mx -all", "v=spf1 a -all"}}}};
  CHECK(find_spf("firma.dk", dns.look_up()).state == State::several);
}

TEST_CASE("DMARC is looked for at the domain and those above it, but not at a top-level one") {
  Dns dns{{{"_dmarc.firma.dk", {"v=DMARC1; p=none"}}}};
  const SenderPolicy found = find_dmarc("post.hub.firma.dk", dns.look_up());
  CHECK(found.state == State::found);
  CHECK(found.domain == "firma.dk");
  CHECK(dns.asked == std::vector<std::string>{"_dmarc.post.hub.firma.dk", "_dmarc.hub.firma.dk", "_dmarc.firma.dk"});
  Dns empty;
  const SenderPolicy missing = find_dmarc("hub.firma.dk", empty.look_up());
  CHECK(missing.state == State::missing);
  CHECK(missing.domain == "hub.firma.dk");
  CHECK(empty.asked == std::vector<std::string>{"_dmarc.hub.firma.dk", "_dmarc.firma.dk"});
}

TEST_CASE("a name with a hundred labels asks no hundred questions") {
  std::string name = "dk";
  for (int i = 0; i < 100; ++i) name = "a." + name;
  Dns dns;
  CHECK(find_dmarc(name, dns.look_up()).state == State::missing);
  CHECK(dns.asked.size() == 8);
}

TEST_CASE("two DMARC records are none, and without an answer nothing is known") {
  Dns dns{{{"_dmarc.firma.dk", {"v=DMARC1; p=none", "v=DMARC1;p=reject"}}}};
  CHECK(find_dmarc("firma.dk", dns.look_up()).state == State::several);
  dns.answers = false;
  CHECK(find_dmarc("firma.dk", dns.look_up()).state == State::no_answer);
  CHECK(find_spf("firma.dk", dns.look_up()).state == State::no_answer);
}

TEST_CASE("domains that are reserved for documentation and tests are known") {
  for (const char* domain : {"localhost", "mail.test", "a.b.example", "x.invalid", "example.com", "hub.example.org"})
    CHECK(is_reserved_domain(domain));
  for (const char* domain : {"firma.dk", "test.dk", "myexample.com", "example.dk"})
    CHECK_FALSE(is_reserved_domain(domain));
}
