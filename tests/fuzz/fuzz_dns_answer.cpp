#include <algorithm>

#include "core/mail/dns_texts.hpp"
#include "core/mail/sender_policy.hpp"
#include "tests/fuzz/property.hpp"

using namespace kundehub;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto texts = mail::read_dns_texts({data, size});
  fuzz::require(texts.size() <= 64, "no more records than agreed");
  for (const std::string& text : texts) {
    fuzz::require(text.size() <= 8192, "no longer record than agreed");
    fuzz::require(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }),
                  "nothing that a terminal obeys");
  }
  const auto look_up = [&](const std::string&) { return mail::DnsTexts{mail::DnsTexts::Answer::given, texts}; };
  const auto spf = mail::find_spf("hub.example.org", look_up);
  fuzz::require(spf.record.empty() == (spf.state != mail::SenderPolicy::State::found), "a record is there if found");
  mail::find_dmarc("hub.example.org", look_up);
  return 0;
}
