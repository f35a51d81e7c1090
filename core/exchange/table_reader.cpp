#include "core/exchange/table_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub::exchange {
namespace {

constexpr std::size_t max_row_bytes = 1024 * 1024;
constexpr std::size_t max_cells = 1000;
constexpr std::size_t cut_off = std::string::npos;  ///< the text ends before the cell does

constexpr std::string_view stray_quote =
    translatable("has a quote inside a cell that is not quoted: write \"\" in a quoted cell");
constexpr std::string_view text_behind_quote = translatable("has text behind a closing quote: is a delimiter missing?");

bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

}  // namespace

TableReader::TableReader(TextSource& source, Dialect dialect) : m_source(source), m_dialect(dialect) {}

std::int64_t TableReader::lines_in(std::size_t begin, std::size_t end) const {
  std::int64_t lines = 0;
  for (std::size_t i = begin; i < end; ++i) {
    if (m_text[i] == '\n' || (m_text[i] == '\r' && (i + 1 == m_text.size() || m_text[i + 1] != '\n'))) ++lines;
  }
  return lines;
}

std::size_t TableReader::end_of_plain(std::size_t at) const {
  const char delimiter = m_dialect.delimiter;
  const char* p = m_text.data() + at;
  const char* const end = m_text.data() + m_text.size();
  while (p != end && *p != delimiter && !is_line_end(*p)) ++p;
  return static_cast<std::size_t>(p - m_text.data());
}

/// From the opening quote; returns the place behind the closing one.
std::size_t TableReader::parse_quoted(std::size_t at, bool is_all) {
  Cell cell{at + 1, 0, false};
  for (std::size_t i = at + 1;; i += 2) {
    i = m_text.find('"', i);
    if (i == std::string::npos || (i + 1 == m_text.size() && !is_all)) return cut_off;
    if (i + 1 < m_text.size() && m_text[i + 1] == '"') {
      cell.has_doubled_quotes = true;
      continue;
    }
    cell.end = i;
    m_cells.push_back(cell);
    return i + 1;
  }
}

/// Adds a cell; returns where it ends: at a delimiter, a line end, or the end of the text.
std::size_t TableReader::parse_cell(std::size_t at, bool is_all) {
  if (at < m_text.size() && m_text[at] == '"') {
    m_has_quotes = true;
    const std::size_t behind = parse_quoted(at, is_all);
    const bool is_lax = m_dialect.quotes == Quotes::lax;
    if (behind == cut_off && (!is_lax || !is_all)) return cut_off;
    if (behind != cut_off) {
      if (behind == m_text.size() || m_text[behind] == m_dialect.delimiter || is_line_end(m_text[behind]))
        return behind;
      m_cells.pop_back();
      if (!is_lax) m_fault = text_behind_quote;
    }
  }
  const std::size_t end = end_of_plain(at);
  m_cells.push_back({at, end, false});
  return end;
}

TableReader::Parsed TableReader::parse(bool is_all) {
  m_cells.clear();
  m_fault = {};
  m_has_quotes = false;
  for (std::size_t at = m_at;; ++at) {
    at = parse_cell(at, is_all);
    if (at == cut_off || (at == m_text.size() && !is_all)) return Parsed::needs_more;
    if (m_cells.size() > max_cells) {
      throw Error(ErrorKind::bad_data, tr("row {} (line {}) has more than {} cells", m_row, m_line, max_cells),
                  tr("delete the columns that are not to be imported"));
    }
    m_end = at;
    m_has_line_end = at < m_text.size();
    if (!m_has_line_end) return Parsed::row;
    if (m_text[at] == m_dialect.delimiter) continue;
    if (m_text[at] == '\r' && at + 1 == m_text.size() && !is_all) return Parsed::needs_more;
    const bool is_pair = m_text[at] == '\r' && at + 1 < m_text.size() && m_text[at + 1] == '\n';
    m_end = at + (is_pair ? 2 : 1);
    return Parsed::row;
  }
}

void TableReader::read_more() {
  if (m_text.size() - m_at > max_row_bytes) {
    throw Error(ErrorKind::bad_data,
                tr("row {} (line {}) has more than 1 MiB: is a quote in it never closed?", m_row, m_line),
                tr("look for a \" there that has no second one"));
  }
  m_text.erase(0, m_at);
  m_at = 0;
  m_is_all = !m_source.read_more(m_text);
}

bool TableReader::next(TableRow& row) {
  for (;;) {
    if (m_is_all && m_at == m_text.size()) return false;
    if (m_at < m_text.size() && parse(m_is_all) == Parsed::row) {
      const bool is_empty = m_cells.size() == 1 && m_cells[0].begin == m_cells[0].end && !m_has_quotes;
      if (!is_empty) {
        hand_over(row);
        return true;
      }
      m_at = m_end;
      ++m_row, ++m_line;
    } else if (m_is_all) {
      throw Error(ErrorKind::bad_data, tr("the quote that opens in row {} (line {}) is never closed", m_row, m_line),
                  tr("look for a \" there that has no second one"));
    } else {
      read_more();
    }
  }
}

/// True if a cell that is not quoted holds a quote. Most rows have none at all, which one look tells.
bool TableReader::has_stray_quote() const {
  const std::string_view text(m_text);
  if (!m_has_quotes) return text.substr(m_at, m_end - m_at).find('"') != std::string_view::npos;
  return std::any_of(m_cells.begin(), m_cells.end(), [&](const Cell& cell) {
    const bool is_quoted = cell.begin > m_at && text[cell.begin - 1] == '"';
    return !is_quoted && text.substr(cell.begin, cell.end - cell.begin).find('"') != std::string_view::npos;
  });
}

/// Doubled quotes become one in place: the text of the row is not read again.
void TableReader::hand_over(TableRow& row) {
  row.row = m_row;
  row.line = m_line;
  if (m_fault.empty() && m_dialect.quotes == Quotes::strict && has_stray_quote()) m_fault = stray_quote;
  row.fault = m_fault;
  row.ends_file = !m_has_line_end;
  // Only quotes hold line ends.
  m_line += m_has_quotes ? lines_in(m_at, m_end) : 1;
  ++m_row;
  m_at = m_end;
  row.cells.clear();
  for (const Cell& cell : m_cells) {
    std::size_t end = cell.end;
    if (cell.has_doubled_quotes) {
      end = cell.begin;
      for (std::size_t i = cell.begin; i < cell.end; ++i, ++end) {
        m_text[end] = m_text[i];
        if (m_text[i] == '"') ++i;
      }
    }
    row.cells.push_back(std::string_view(m_text).substr(cell.begin, end - cell.begin));
  }
}

}  // namespace kundehub::exchange
