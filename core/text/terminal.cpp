#include "core/text/terminal.hpp"

#include <iterator>

#include <fmt/format.h>

#include "core/text/code_points.hpp"

namespace kundehub::text {
namespace {

constexpr std::size_t quoted_code_points = 200;

enum class Shape { line, block };

bool is_shown(std::int32_t value, Shape shape) {
  if (shape == Shape::block && (value == '\n' || value == '\t')) return true;
  switch (classify(value)) {
    case CharacterClass::ordinary:
    case CharacterClass::mark:
    case CharacterClass::blank:
      return true;
    default:
      return false;
  }
}

std::string make_visible(std::string_view text, Shape shape) {
  if (is_plain_latin(text)) return std::string(text);
  std::string visible;
  visible.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (point.value == CodePoint::invalid) {
      fmt::format_to(std::back_inserter(visible), "\\x{:02X}", static_cast<unsigned char>(text.front()));
    } else if (is_shown(point.value, shape)) {
      visible.append(text.substr(0, point.bytes));
    } else {
      fmt::format_to(std::back_inserter(visible), "\\u{{{:X}}}", point.value);
    }
    text.remove_prefix(point.bytes);
  }
  return visible;
}

}  // namespace

std::string for_terminal(std::string_view text) {
  return make_visible(text, Shape::line);
}

std::string for_terminal_block(std::string_view text) {
  return make_visible(text, Shape::block);
}

std::string quoted(std::string_view text) {
  std::size_t bytes = 0;
  for (std::size_t count = 0; count < quoted_code_points && bytes < text.size(); ++count) {
    bytes += first_code_point(text.substr(bytes)).bytes;
  }
  return fmt::format("\"{}{}\"", for_terminal(text.substr(0, bytes)), bytes < text.size() ? "…" : "");
}

}  // namespace kundehub::text
