#include "core/text/code_points.hpp"

#include <algorithm>
#include <array>

#include <utf8proc.h>

namespace kundehub::text {
namespace {

struct Range {
  std::int32_t first, last;
};

/// Shown as nothing, yet not of the category Cf (Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt),
/// but for the variation selectors: emoji and Japanese names use those.
constexpr std::array<Range, 9> ignorable{{{0x034F, 0x034F},
                                          {0x115F, 0x1160},
                                          {0x17B4, 0x17B5},
                                          {0x2065, 0x2065},
                                          {0x3164, 0x3164},
                                          {0xFFA0, 0xFFA0},
                                          {0xFFF0, 0xFFF8},
                                          {0xE0000, 0xE00FF},
                                          {0xE01F0, 0xE0FFF}}};

/// Bidi_Control in Unicode's PropList.txt.
constexpr std::array<Range, 4> directional{{{0x061C, 0x061C}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}}};

bool is_in(std::int32_t value, auto& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [value](const Range& range) { return value >= range.first && value <= range.last; });
}

CharacterClass classify_control(std::int32_t value) {
  if (value == '\t') return CharacterClass::tab;
  if (value == '\n' || value == '\r' || value == 0x85) return CharacterClass::line_break;
  return CharacterClass::control;
}

CharacterClass classify_format(std::int32_t value) {
  const bool joins = value == 0x200C || value == 0x200D;
  // Signs that enclose the digits after them (U+0600 and others) are of this category too, but can be seen.
  const bool is_seen = utf8proc_get_property(value)->boundclass == UTF8PROC_BOUNDCLASS_PREPEND;
  return joins || is_seen ? CharacterClass::ordinary : CharacterClass::invisible;
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  std::int32_t value = 0;
  const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(std::min<std::size_t>(text.size(), 4)), &value);
  if (bytes <= 0) return {CodePoint::invalid, 1};
  return {value, static_cast<std::size_t>(bytes)};
}

CodePoint last_code_point(std::string_view text) {
  for (std::size_t bytes = 1; bytes <= std::min<std::size_t>(text.size(), 4); ++bytes) {
    const CodePoint point = first_code_point(text.substr(text.size() - bytes));
    if (point.value != CodePoint::invalid && point.bytes == bytes) return point;
  }
  return {CodePoint::invalid, 1};
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_code_point(text).bytes);
  return count;
}

CharacterClass classify(std::int32_t value) {
  if (value > ' ' && value < 0x7F) return CharacterClass::ordinary;
  if (is_in(value, directional)) return CharacterClass::direction;
  if (is_in(value, ignorable)) return CharacterClass::invisible;
  switch (utf8proc_category(value)) {
    case UTF8PROC_CATEGORY_CC:
      return classify_control(value);
    case UTF8PROC_CATEGORY_CF:
      return classify_format(value);
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return CharacterClass::line_break;
    case UTF8PROC_CATEGORY_ZS:
      return CharacterClass::blank;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return CharacterClass::mark;
    default:
      return CharacterClass::ordinary;
  }
}

bool is_ascii(std::string_view text) {
  unsigned char bits = 0;
  for (const char c : text) bits |= static_cast<unsigned char>(c);  // without a branch: many bytes at once
  return bits < 0x80;
}

bool is_plain_latin(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= ' ' && byte < 0x7F) continue;
    if (byte != 0xC3 || i + 1 == text.size()) return false;
    const auto next = static_cast<unsigned char>(text[++i]);
    if (next < 0x80 || next > 0xBF) return false;
  }
  return true;
}

}  // namespace kundehub::text
