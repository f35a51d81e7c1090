#include <algorithm>
#include <optional>

#include "core/exchange/cell.hpp"
#include "core/exchange/customer_builder.hpp"
#include "core/exchange/record_reader.hpp"
#include "core/model/error.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/support/text_pieces.hpp"

using namespace kundehub;
using namespace kundehub::exchange;

namespace {

constexpr const char* byte_order_mark = "\xEF\xBB\xBF";
constexpr const char* broken = "cannot be read on";

using Rows = std::vector<std::vector<std::string>>;

void check_kind(const Error& error) {
  fuzz::require(error.kind() == ErrorKind::bad_data, "what is wrong with a table is bad data");
}

/// Of the whole table; of one that cannot be read on, the rows before that and why.
Rows read(std::string_view text, std::size_t piece, Dialect dialect, std::optional<text::Encoding> encoding) {
  Rows rows;
  try {
    TextSource source(test::pieces(text, piece), encoding);
    TableReader reader(source, dialect);
    for (TableRow row; reader.next(row);) {
      rows.emplace_back(row.cells.begin(), row.cells.end());
      if (!row.fault.empty()) rows.push_back({"fault", std::string(row.fault)});
    }
  } catch (const Error& error) {
    check_kind(error);
    rows.push_back({broken, error.what()});
  }
  return rows;
}

/// The rows before the place that cannot be read may have come or not.
bool is_broken(const Rows& rows) {
  return !rows.empty() && rows.back().front() == broken;
}

void check_writing(const Rows& rows, char delimiter) {
  std::string quoted = byte_order_mark, guarded = byte_order_mark;  // a cell may begin with another one
  for (const auto& row : rows) {
    for (const std::string& cell : row) {
      const bool is_first = &cell == &row.front();
      append_quoted(is_first ? quoted : quoted += delimiter, cell, delimiter);
      append_cell(is_first ? guarded : guarded += delimiter, cell, delimiter);
    }
    quoted += '\n', guarded += '\n';
  }
  Rows wanted = rows;
  std::erase(wanted, std::vector<std::string>{""});  // an empty line is no row
  const Dialect dialect{delimiter, Quotes::strict};
  fuzz::require(read(quoted, quoted.size() + 1, dialect, text::Encoding::utf8) == wanted, "cells are read as written");
  Rows unpacked = read(guarded, guarded.size() + 1, dialect, text::Encoding::utf8);
  for (auto& row : unpacked) {
    for (std::string& cell : row) cell = std::string(unguarded(cell));
  }
  fuzz::require(unpacked == wanted, "guarded cells are read as written");
}

/// As an import reads the file; returns its delimiter.
std::optional<char> build_customers(std::string_view text) {
  try {
    TextSource source(test::pieces(text, text.size() + 1), std::nullopt);
    const auto records = open_records(source, {});
    CustomerBuilder builder({});
    ImportedCustomer customer;
    std::vector<std::string> warnings;
    for (ImportRecord record; records->next(record);) {
      warnings.clear();
      builder.build(record, records->columns(), customer, warnings);
    }
    return records->delimiter();
  } catch (const Error& error) {
    check_kind(error);
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const char delimiter = build_customers(text).value_or(';');
  const Dialect dialect{delimiter, delimiter == '\t' ? Quotes::lax : Quotes::strict};
  const Rows rows = read(text, size + 1, dialect, std::nullopt), in_bytes = read(text, 1, dialect, std::nullopt);
  fuzz::require(is_broken(in_bytes) == is_broken(rows), "a table can be read or not in whatever pieces it comes");
  fuzz::require(is_broken(rows) || in_bytes == rows, "a table is the same in whatever pieces it comes");
  check_writing(rows, delimiter);
  return 0;
}
