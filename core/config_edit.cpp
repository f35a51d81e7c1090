#include "core/config_edit.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace kundehub::config_edit {
namespace {

/// Where line `line` begins; the end of `text` if it has fewer lines.
std::size_t line_begin(std::string_view text, std::size_t line) {
  std::size_t offset = 0;
  for (; line > 1 && offset < text.size(); --line) {
    offset = std::min(text.find('\n', offset), text.size() - 1) + 1;
  }
  return offset;
}

std::size_t offset_of(std::string_view text, const Place& place) {
  std::size_t offset = line_begin(text, place.line);
  for (std::size_t column = 1; column < place.column && offset < text.size(); ++column) {
    ++offset;
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80) ++offset;
  }
  return offset;
}

/// The file's own way to end lines, taken from its first line.
std::string_view line_end_of(std::string_view text) {
  const std::size_t first = text.find('\n');
  return first != std::string_view::npos && first > 0 && text[first - 1] == '\r' ? "\r\n" : "\n";
}

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        quoted += "\\\"";
        break;
      case '\\':
        quoted += "\\\\";
        break;
      case '\b':
        quoted += "\\b";
        break;
      case '\t':
        quoted += "\\t";
        break;
      case '\n':
        quoted += "\\n";
        break;
      case '\f':
        quoted += "\\f";
        break;
      case '\r':
        quoted += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          quoted += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        } else {
          quoted += c;
        }
    }
  }
  return quoted + '"';
}

struct Writer {
  std::string operator()(const std::string& text) const { return quote(text); }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(const std::vector<std::string>& list) const {
    std::vector<std::string> quoted;
    std::transform(list.begin(), list.end(), std::back_inserter(quoted), quote);
    return fmt::format("[{}]", fmt::join(quoted, ", "));
  }
};

}  // namespace

std::string to_toml(const ConfigValue& value) {
  return std::visit(Writer{}, value);
}

std::string replace(std::string_view text, const Stretch& stretch, std::string_view replacement) {
  const std::size_t begin = offset_of(text, stretch.begin);
  const std::size_t end = std::max(begin, offset_of(text, stretch.end));
  return fmt::format("{}{}{}", text.substr(0, begin), replacement, text.substr(end));
}

std::string insert_line(std::string_view text, std::size_t after, std::size_t model, std::string_view line) {
  const std::string_view model_line = text.substr(line_begin(text, model));
  const std::string_view indent =
      model_line.substr(0, std::min(model_line.find_first_not_of(" \t"), model_line.size()));
  const std::size_t at = line_begin(text, after + 1);
  const std::string_view line_end = line_end_of(text);
  const std::string_view missing_end = at > 0 && text[at - 1] != '\n' ? line_end : "";
  return fmt::format("{}{}{}{}{}{}", text.substr(0, at), missing_end, indent, line, line_end, text.substr(at));
}

std::string append_section(std::string_view text, std::string_view section, std::string_view line) {
  const std::string_view line_end = line_end_of(text);
  const std::string_view missing_end = !text.empty() && text.back() != '\n' ? line_end : "";
  const std::string_view blank_line = text.empty() ? "" : line_end;
  return fmt::format("{}{}{}[{}]{}{}{}", text, missing_end, blank_line, section, line_end, line, line_end);
}

std::string remove_lines(std::string_view text, std::size_t first, std::size_t last) {
  return fmt::format("{}{}", text.substr(0, line_begin(text, first)), text.substr(line_begin(text, last + 1)));
}

}  // namespace kundehub::config_edit
