#include "core/text/display_width.hpp"

#include <utf8proc.h>

#include "core/text/code_points.hpp"

namespace kundehub::text {
namespace {

std::size_t width_of(std::int32_t value) {
  if (value == CodePoint::invalid) return 1;
  if (classify(value) == CharacterClass::mark) return 0;
  const int width = utf8proc_charwidth(value);
  return width > 0 ? static_cast<std::size_t>(width) : 0;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  if (is_plain_latin(text)) return count_code_points(text);
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    width += width_of(point.value);
    text.remove_prefix(point.bytes);
  }
  return width;
}

std::string shortened(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  std::size_t end = 0, used = 0;
  while (end < text.size()) {
    const CodePoint point = first_code_point(text.substr(end));
    used += width_of(point.value);
    if (used > columns - 1) break;  // the last column is the sign's
    end += point.bytes;
  }
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace kundehub::text
