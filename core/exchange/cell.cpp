#include "core/exchange/cell.hpp"

#include <algorithm>

namespace kundehub::exchange {
namespace {

bool is_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && is_digit(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_digit(c) || c == ' '; });
}

/// True for what begins like a formula, behind any apostrophes.
bool looks_like_formula(std::string_view text) {
  const std::size_t start = text.find_first_not_of('\'');
  if (start == std::string_view::npos) return false;
  return std::string_view("=+-@\t\r").find(text[start]) != std::string_view::npos && !is_number(text.substr(start));
}

bool needs_quotes(std::string_view text, char separator) {
  // A blank at either end is quoted too: some readers drop it otherwise.
  if (text.starts_with(' ') || text.ends_with(' ')) return true;
  return std::any_of(text.begin(), text.end(),
                     [&](char c) { return c == separator || c == '"' || c == '\r' || c == '\n'; });
}

/// `guard`: comes before the text.
void append(std::string& line, std::string_view guard, std::string_view text, char separator) {
  if (!needs_quotes(text, separator)) {
    line += guard;
    line += text;
    return;
  }
  line += '"';
  line += guard;
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

}  // namespace

void append_cell(std::string& line, std::string_view text, char separator) {
  append(line, looks_like_formula(text) ? "'" : "", text, separator);
}

void append_quoted(std::string& line, std::string_view text, char separator) {
  append(line, "", text, separator);
}

std::string_view unguarded(std::string_view text) {
  return text.starts_with('\'') && looks_like_formula(text) ? text.substr(1) : text;
}

}  // namespace kundehub::exchange
