#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/exchange/text_source.hpp"

namespace kundehub::exchange {

/// What a quote means that stands where RFC 4180, section 2, allows none. Strict: a fault of the row. Lax: itself, as
/// in tables that were pasted from a spreadsheet.
enum class Quotes { strict, lax };

struct Dialect {
  char delimiter = ',';
  Quotes quotes = Quotes::strict;
};

/// A row of a table; its text is gone with the next one.
struct TableRow {
  std::int64_t row = 0;   ///< as a spreadsheet numbers it: the first line is row 1, an empty one counts
  std::int64_t line = 0;  ///< of the file, where the row begins; differs from `row` behind a quoted line break
  std::vector<std::string_view> cells;
  std::string_view fault;  ///< what is wrong with the row as such; empty if nothing is
  bool ends_file = false;  ///< no line end comes behind it: the file may have been cut off here
};

/// Reads RFC 4180 with any delimiter, and with line ends LF, CRLF or CR. Empty rows are passed over.
class TableReader {
 public:
  TableReader(TextSource& source, Dialect dialect);

  /// False at the end. Throws Error{bad_data} where it cannot go on: a quote that is never closed, a row of more than
  /// 1 MiB or of more than 1000 cells; and as TextSource::read_more.
  bool next(TableRow& row);

 private:
  struct Cell {
    std::size_t begin, end;
    bool has_doubled_quotes;
  };
  enum class Parsed { row, needs_more };

  Parsed parse(bool is_all);
  std::size_t parse_cell(std::size_t at, bool is_all);
  std::size_t parse_quoted(std::size_t at, bool is_all);
  std::size_t end_of_plain(std::size_t at) const;
  [[nodiscard]] bool has_stray_quote() const;
  void hand_over(TableRow& row);
  void read_more();
  [[nodiscard]] std::int64_t lines_in(std::size_t begin, std::size_t end) const;

  TextSource& m_source;
  Dialect m_dialect;
  std::string m_text;
  std::size_t m_at = 0;       ///< where the next row begins
  std::size_t m_end = 0;      ///< of the row that was parsed, with its line end
  std::vector<Cell> m_cells;  ///< of that row
  std::string_view m_fault;
  bool m_is_all = false;  ///< m_text holds the file's end
  bool m_has_line_end = false;
  bool m_has_quotes = false;
  std::int64_t m_row = 1, m_line = 1;
};

}  // namespace kundehub::exchange
