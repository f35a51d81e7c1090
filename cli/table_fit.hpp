#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace kundehub::cli {

/// How a table is made to fit the screen. A last column of sentences, such as why somebody may not log in, goes below
/// its row where it does not fit beside it; then the widest cells are cut, evenly and with `…`. The first column, which
/// names the record, stays whole, and no column gets narrower than 4: a very narrow screen may still be too narrow.
class TableFit {
 public:
  using Row = std::vector<std::string>;

  TableFit() = default;

  /// Decides it for these rows, and for those that come later in the same table. `rows` must not be empty.
  TableFit(const Row& headings, const std::vector<Row>& rows, std::size_t columns);

  /// Takes the sentences out, if that is how it fits, and cuts. Returns what goes below each row; empty if nothing
  /// does.
  std::vector<std::string> apply(Row& headings, std::vector<Row>& rows) const;

 private:
  std::size_t m_columns = 0;
  std::vector<std::size_t> m_limits;  ///< of the columns that stay
  bool m_takes_sentences = false;
};

/// The lines of `table`, `heading_lines` of headings first, with the text that belongs below each row.
std::string interleave(const std::string& table, std::size_t heading_lines, const std::vector<std::string>& below);

}  // namespace kundehub::cli
