#include "core/exchange/name_table.hpp"

#include "core/embedded.hpp"
#include "core/text/code_points.hpp"
#include "core/text/utf8.hpp"

namespace kundehub::exchange {
namespace {

/// Calls `visit` with each part of `text` between `separator`s.
template <class Visit>
void each_part(std::string_view text, char separator, Visit visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::string folded_name(std::string_view name) {
  const bool is_text = text::is_plain_latin(name) || text::is_valid_utf8(name);
  const std::string lower = is_text ? text::fold_case(name) : std::string(name);
  std::string folded;
  for (std::string_view rest = lower; !rest.empty();) {
    const text::CodePoint point = text::first_code_point(rest);
    const std::string_view letter = rest.substr(0, point.bytes);
    rest.remove_prefix(point.bytes);
    if (letter == "æ") {
      folded += "ae";
    } else if (letter == "ø") {
      folded += "oe";
    } else if (letter == "å") {
      folded += "aa";
    } else if (point.value >= 0x80 || (point.value >= '0' && point.value <= '9') ||
               (point.value >= 'a' && point.value <= 'z')) {
      folded += letter;
    }
  }
  return folded;
}

NameTable::NameTable(std::string_view embedded_file_name) {
  each_part(embedded_file(embedded_file_name), '\n', [&](std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::string_view key = line.substr(0, colon);
    m_keys.emplace(folded_name(key), key);
    each_part(line.substr(colon + 1), ',', [&](std::string_view name) { m_keys.emplace(folded_name(name), key); });
  });
}

std::optional<std::string_view> NameTable::find(std::string_view name) const {
  const auto found = m_keys.find(folded_name(name));
  return found == m_keys.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace kundehub::exchange
