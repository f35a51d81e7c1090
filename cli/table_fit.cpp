#include "cli/table_fit.hpp"

#include <algorithm>
#include <numeric>

#include "cli/output_style.hpp"
#include "core/text/display_width.hpp"

namespace kundehub::cli {
namespace {

constexpr std::size_t separator = 2;
constexpr std::size_t least_width = 4;
constexpr std::size_t widest_word = 24;  // what is longer and has blanks is a sentence
constexpr std::string_view below_indent = "    ";

using Row = TableFit::Row;

std::vector<std::size_t> widths_of(const Row& headings, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  const auto widen = [&](const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], text::display_width(row[i]));
  };
  widen(headings);
  std::for_each(rows.begin(), rows.end(), widen);
  return widths;
}

std::size_t total_of(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), separator * (widths.size() - 1));
}

bool has_sentences(const std::vector<Row>& rows) {
  return rows.front().size() > 1 && std::any_of(rows.begin(), rows.end(), [](const Row& row) {
           return text::display_width(row.back()) > widest_word && std::ranges::count(row.back(), ' ') > 1;
         });
}

/// Takes one column of the screen after the other from whichever column of the table, but the first, is the widest.
void narrow(std::vector<std::size_t>& widths, std::size_t columns) {
  if (widths.size() < 2) return;
  for (std::size_t total = total_of(widths); total > columns; --total) {
    const auto widest = std::max_element(widths.begin() + 1, widths.end());
    if (*widest <= least_width) return;
    --*widest;
  }
}

/// `text` in lines of at most `columns`, broken at blanks; a longer word stays whole.
std::string wrapped(std::string_view text, std::size_t columns) {
  std::string lines;
  std::size_t used = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    const std::string_view word = text.substr(start, end - start);
    const std::size_t width = text::display_width(word);
    const bool is_first = used == 0;
    if (!is_first && below_indent.size() + used + 1 + width > columns) {
      lines += '\n';
      used = 0;
    }
    lines.append(used == 0 ? below_indent : " ").append(word);
    used += width + (used == 0 ? 0 : 1);
    start = end + 1;
  }
  return lines.empty() ? lines : lines + '\n';
}

}  // namespace

TableFit::TableFit(const Row& headings, const std::vector<Row>& rows, std::size_t columns)
    : m_columns(columns), m_limits(widths_of(headings, rows)) {
  if (total_of(m_limits) > columns && has_sentences(rows)) {
    m_takes_sentences = true;
    m_limits.pop_back();
  }
  narrow(m_limits, columns);
  const std::size_t total = total_of(m_limits);
  if (total < columns) m_limits.back() += columns - total;  // of rows that come later
}

std::vector<std::string> TableFit::apply(Row& headings, std::vector<Row>& rows) const {
  std::vector<std::string> below;
  if (m_takes_sentences) {
    for (Row& row : rows) {
      below.push_back(wrapped(row.back(), m_columns));
      row.pop_back();
    }
    if (!headings.empty()) headings.pop_back();
  }
  const auto cut = [&](Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (text::display_width(row[i]) > m_limits[i]) row[i] = with_closed_styles(text::shortened(row[i], m_limits[i]));
    }
  };
  cut(headings);
  std::for_each(rows.begin(), rows.end(), cut);
  return below;
}

std::string interleave(const std::string& table, std::size_t heading_lines, const std::vector<std::string>& below) {
  std::string text;
  std::size_t line = 0;
  for (std::size_t start = 0; start < table.size(); ++line) {
    const std::size_t end = std::min(table.find('\n', start), table.size() - 1) + 1;
    text.append(table, start, end - start);
    start = end;
    if (line >= heading_lines && line - heading_lines < below.size()) text += below[line - heading_lines];
  }
  return text;
}

}  // namespace kundehub::cli
