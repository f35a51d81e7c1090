#include "core/mail/module/address.hpp"

#include <algorithm>

#include <fmt/core.h>
#include <idn2.h>

#include "core/mail/module/plain_text.hpp"

namespace kundehub::mail {
namespace {

constexpr std::size_t max_local_bytes = 64;   // RFC 5321, 4.5.3.1.1
constexpr std::size_t max_total_bytes = 254;  // RFC 5321, 4.5.3.1.3, less the angle brackets
constexpr std::size_t max_label_bytes = 63;   // RFC 1035, 2.3.4

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_atom_char(char c) {
  return is_alphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

/// True if `text` is one or more pieces that satisfy `is_piece`, with single dots between them.
template <class Predicate>
bool is_dotted(std::string_view text, Predicate is_piece) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_piece(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_atom(std::string_view piece) {
  return !piece.empty() && std::all_of(piece.begin(), piece.end(), is_atom_char);
}

/// RFC 5321, section 4.1.2: sub-domain.
bool is_label(std::string_view piece) {
  return !piece.empty() && piece.size() <= max_label_bytes && piece.front() != '-' && piece.back() != '-' &&
         std::all_of(piece.begin(), piece.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

}  // namespace

std::string ascii_domain(std::string_view domain) {
  if (domain.empty() || !line_fault(domain).empty()) return {};
  char* converted = nullptr;
  // The _8z functions take UTF-8; libcurl's own conversion would read the locale's charset, which cron sets to C.
  if (idn2_to_ascii_8z(std::string(domain).c_str(), &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
    return {};
  std::string ascii(converted);
  idn2_free(converted);
  return is_dotted(ascii, is_label) ? ascii : std::string();
}

std::string envelope_address(std::string_view field, std::string_view address, Blame blame) {
  const auto refuse = [&](std::string_view why) {
    throw Unsendable(blame, fmt::format("{} address {} {}", field, quoted(address), why));
  };
  if (address.empty()) refuse("is empty");
  if (const std::string_view fault = line_fault(address); !fault.empty()) refuse(fault);
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) refuse("has no @");
  const std::string_view local = address.substr(0, at);
  if (std::any_of(local.begin(), local.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    refuse("has letters beyond ASCII before the @, which mail servers rarely take");
  }
  if (local.size() > max_local_bytes || !is_dotted(local, is_atom)) refuse("has a malformed part before the @");
  const std::string domain = ascii_domain(address.substr(at + 1));
  if (domain.empty()) refuse("has a malformed domain");
  std::string ascii = fmt::format("{}@{}", local, domain);
  if (ascii.size() > max_total_bytes) refuse("is too long");
  return ascii;
}

}  // namespace kundehub::mail
