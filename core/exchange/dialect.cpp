#include "core/exchange/dialect.hpp"

#include <array>
#include <tuple>

#include <fmt/format.h>

#include "core/exchange/import_columns.hpp"
#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::exchange {
namespace {

constexpr int rows_looked_at = 20;

/// How well a delimiter fits: known headings, rows as wide as the headings, cells.
std::tuple<std::size_t, int, std::size_t> fit(std::string_view start, Dialect dialect) {
  bool is_read = false;
  TextSource source(
      [&](char* buffer, std::size_t size) -> std::size_t {
        const std::size_t bytes = is_read ? 0 : start.copy(buffer, size);
        is_read = true;
        return bytes;
      },
      text::Encoding::utf8);
  TableReader reader(source, dialect);
  TableRow row;
  std::tuple<std::size_t, int, std::size_t> found{0, 0, 0};
  try {
    if (!reader.next(row)) return found;
    const std::size_t width = row.cells.size();
    found = {count_known_columns(row.cells), 0, width};
    for (int i = 0; i < rows_looked_at && reader.next(row); ++i) {
      if (row.cells.size() == width) ++std::get<1>(found);
    }
  } catch (const Error&) {
    // With the wrong delimiter quotes stand in odd places; with the right one the reader will say what is wrong.
  }
  return found;
}

}  // namespace

std::size_t length_of_separator_line(std::string_view start) {
  if (start.size() < 5 || !(start.starts_with("sep=") || start.starts_with("Sep=") || start.starts_with("SEP=")))
    return 0;
  if (std::string_view("\"\r\n").find(start[4]) != std::string_view::npos) return 0;
  const std::string_view behind = start.substr(5);
  return behind.starts_with("\r\n") ? 7 : behind.starts_with('\n') || behind.starts_with('\r') ? 6 : 0;
}

Dialect find_dialect(std::string_view start) {
  const auto dialect_of = [](char delimiter) {
    return Dialect{delimiter, delimiter == '\t' ? Quotes::lax : Quotes::strict};
  };
  if (length_of_separator_line(start) > 0) return dialect_of(start[4]);
  Dialect best;
  auto best_fit = fit(start, best);
  for (const char delimiter : {';', '\t', '|'}) {
    const auto its_fit = fit(start, dialect_of(delimiter));
    if (std::get<2>(its_fit) > 1 && its_fit > best_fit) {
      best = dialect_of(delimiter);
      best_fit = its_fit;
    }
  }
  return best;
}

char parse_delimiter(std::string_view text) {
  if (text == "tab" || text == "\\t") return '\t';
  const bool is_one = text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80;
  if (!is_one || std::string_view("\"\r\n").find(text[0]) != std::string_view::npos)
    throw Error(ErrorKind::usage, tr("--delimiter takes one character, not {}", text::quoted(text)),
                tr("for example --delimiter ';' or --delimiter tab"));
  return text[0];
}

}  // namespace kundehub::exchange
