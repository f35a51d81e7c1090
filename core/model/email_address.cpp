#include "core/model/email_address.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/plain.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"
#include "core/text/utf8.hpp"

namespace kundehub {
namespace {

constexpr std::size_t max_local_bytes = 64;   // RFC 5321, 4.5.3.1.1
constexpr std::size_t max_total_bytes = 254;  // RFC 5321, 4.5.3.1.3, less the angle brackets
constexpr std::size_t max_label_bytes = 63;   // RFC 1035, 2.3.4

constexpr bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// By the byte's value: atext (RFC 5322, 3.2.3).
constexpr std::array<bool, 256> atom_chars = [] {
  std::array<bool, 256> chars{};
  for (const char c : std::string_view("!#$%&'*+-/=?^_`{|}~")) chars[static_cast<unsigned char>(c)] = true;
  for (int c = 0; c < 128; ++c) chars[static_cast<std::size_t>(c)] |= is_letter_or_digit(static_cast<char>(c));
  return chars;
}();

constexpr bool is_atom_char(char c) {
  return atom_chars[static_cast<unsigned char>(c)];
}

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  throw Error(ErrorKind::bad_data, tr("e-mail address {} {}", text::quoted(text), why),
              tr("write it as name@example.dk"));
}

/// Calls `check` with each run between the dots of `text`, empty ones too.
template <class Check>
void each_label(std::string_view text, Check check) {
  for (;;) {
    const std::size_t dot = text.find('.');
    check(text.substr(0, dot));
    if (dot == std::string_view::npos) return;
    text.remove_prefix(dot + 1);
  }
}

void check_local_part(std::string_view address, std::string_view local) {
  if (local.size() > max_local_bytes) refuse(address, tr("has more than 64 characters before the @"));
  if (std::any_of(local.begin(), local.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    refuse(address, tr("has a letter beyond a to z before the @, which most mail servers do not take"));
  each_label(local, [&](std::string_view label) {
    if (label.empty() || !std::all_of(label.begin(), label.end(), is_atom_char))
      refuse(address, tr("has a malformed part before the @"));
  });
}

void check_domain(std::string_view address, std::string_view domain) {
  if (domain.find(',') != std::string_view::npos) refuse(address, tr("has a comma behind the @"));
  if (domain.find('.') == std::string_view::npos) refuse(address, tr("has a domain without a dot"));
  bool last_is_number = false;
  each_label(domain, [&](std::string_view label) {
    const auto is_domain_char = [](char c) {
      return c == '-' || is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80;
    };
    if (label.empty() || label.size() > max_label_bytes || label.front() == '-' || label.back() == '-' ||
        !std::all_of(label.begin(), label.end(), is_domain_char))
      refuse(address, tr("has a malformed domain"));
    last_is_number = std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
  });
  if (last_is_number) refuse(address, tr("has a number for a domain"));
}

}  // namespace

EmailAddress EmailAddress::parse(std::string_view text) {
  std::string address = text::clean_line(translatable("e-mail address"), text, 320);
  const std::size_t at = address.find('@');
  if (at == std::string::npos) refuse(text, tr("has no @"));
  if (address.find('@', at + 1) != std::string::npos) refuse(text, tr("has more than one @"));
  // The limits are those of the address as it is kept: some letters take more bytes in lower case.
  const std::string domain = text::fold_case(std::string_view(address).substr(at + 1));
  if (at + 1 + domain.size() > max_total_bytes) refuse(text, tr("is longer than 254 characters"));
  check_local_part(text, std::string_view(address).substr(0, at));
  check_domain(text, domain);
  address.replace(at + 1, std::string::npos, domain);
  return EmailAddress(std::move(address));
}

std::string EmailAddress::key() const {
  std::string key = m_text;
  std::transform(key.begin(), key.end(), key.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return key;
}

}  // namespace kundehub
