#include "core/mail/sender_policy.hpp"

#include <strings.h>

#include <algorithm>
#include <array>

namespace kundehub::mail {
namespace {

constexpr int most_names = 8;

/// `text` begins with the version tag, and the tag ends there.
bool has_version(std::string_view text, std::string_view version, std::string_view ends) {
  if (text.size() < version.size() || strncasecmp(text.data(), version.data(), version.size()) != 0) return false;
  return text.size() == version.size() || ends.find(text[version.size()]) != std::string_view::npos;
}

bool is_spf(const std::string& text) {
  return has_version(text, "v=spf1", " ");
}

bool is_dmarc(const std::string& text) {
  return has_version(text, "v=DMARC1", " ;");
}

SenderPolicy judge(const std::string& domain, const DnsTexts& found, bool (*is_record)(const std::string&)) {
  using State = SenderPolicy::State;
  if (found.answer == DnsTexts::Answer::no_answer) return {.state = State::no_answer, .domain = domain};
  const auto count = std::ranges::count_if(found.texts, is_record);
  if (count == 0) return {.state = State::missing, .domain = domain};
  if (count > 1) return {.state = State::several, .domain = domain};
  return {.state = State::found, .domain = domain, .record = *std::ranges::find_if(found.texts, is_record)};
}

}  // namespace

bool is_reserved_domain(std::string_view domain) {
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string_view::npos) return true;
  const std::string_view last = domain.substr(dot + 1);
  constexpr std::array<std::string_view, 4> reserved{"localhost", "example", "test", "invalid"};
  if (std::ranges::find(reserved, last) != reserved.end()) return true;
  constexpr std::array<std::string_view, 3> second{"example.com", "example.net", "example.org"};
  return std::ranges::any_of(second, [&](std::string_view name) {
    return domain == name || (domain.ends_with(name) && domain[domain.size() - name.size() - 1] == '.');
  });
}

SenderPolicy find_spf(const std::string& domain, const TextLookup& look_up) {
  return judge(domain, look_up(domain), is_spf);
}

SenderPolicy find_dmarc(const std::string& domain, const TextLookup& look_up) {
  std::string name = domain;
  for (int asked = 0; asked < most_names; ++asked) {
    SenderPolicy policy = judge(name, look_up("_dmarc." + name), is_dmarc);
    if (policy.state != SenderPolicy::State::missing) return policy;
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos || name.find('.', dot + 1) == std::string::npos) break;
    name.erase(0, dot + 1);
  }
  return {.state = SenderPolicy::State::missing, .domain = domain};
}

}  // namespace kundehub::mail
