#include "core/mail/module/plain_text.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace kundehub::mail {
namespace {

constexpr char32_t invalid = 0xFFFFFFFF;
constexpr std::string_view ellipsis = "…";

/// The code point at the beginning of a text, or `invalid`, and the bytes it takes.
struct CodePoint {
  char32_t value;
  std::size_t size;
};

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// Decodes by RFC 3629, section 3. `text` must not be empty.
CodePoint first_code_point(std::string_view text) {
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};  // below: an overlong form
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {invalid, 1};
  char32_t value = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return {invalid, 1};
    value = (value << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least[size] || surrogate || value > 0x10FFFF) return {invalid, 1};
  return {value, size};
}

/// Printable ASCII, of which most text consists: it needs no second look.
bool is_plain(char c) {
  return c >= 0x20 && c < 0x7F;
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
}

/// Reorders what follows on a terminal (Unicode Standard Annex #9, section 2).
bool is_bidi_control(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/// The fault of `text` where the control characters in `allowed` are none.
std::string_view fault(std::string_view text, std::string_view allowed) {
  for (;;) {
    text.remove_prefix(static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_plain) - text.begin()));
    if (text.empty()) return {};
    const CodePoint c = first_code_point(text);
    if (c.value == invalid) return "is not valid UTF-8";
    const bool excused = c.size == 1 && allowed.find(text[0]) != std::string_view::npos;
    if (is_control(c.value) && !excused) return "has a control character or line separator";
    text.remove_prefix(c.size);
  }
}

}  // namespace

std::string_view line_fault(std::string_view text) {
  return fault(text, {});
}

std::string_view body_fault(std::string_view text) {
  return fault(text, "\n\t");
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string shown;
  while (!text.empty()) {
    const CodePoint c = first_code_point(text);
    std::string piece(text.substr(0, c.size));
    if (c.value == invalid || is_control(c.value) || is_bidi_control(c.value)) {
      piece.clear();
      for (const char byte : text.substr(0, c.size))
        piece += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
    const std::size_t reserve = text.size() > c.size ? ellipsis.size() : 0;
    if (shown.size() + piece.size() + reserve > max_bytes) return shown.append(ellipsis);
    shown += piece;
    text.remove_prefix(c.size);
  }
  return shown;
}

std::string quoted(std::string_view text) {
  return fmt::format("\"{}\"", printable(text, 200));
}

std::size_t whole_prefix(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text.size();
  std::size_t size = max_bytes;
  while (size > 0 && is_continuation(text[size])) --size;
  return size;
}

}  // namespace kundehub::mail
