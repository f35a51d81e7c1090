#include "cli/table_fit.hpp"

#include <sstream>

#include <doctest/doctest.h>

#include "cli/output_style.hpp"
#include "core/text/display_width.hpp"

using namespace kundehub::cli;
using kundehub::text::display_width;

namespace {

using Rows = std::vector<TableFit::Row>;

std::size_t width_of(const Rows& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::size_t total = 2 * (widths.size() - 1);
  for (const std::size_t width : widths) total += width;
  return total;
}

}  // namespace

TEST_CASE("a table that fits stays as it is") {
  TableFit::Row headings{"ID", "NAME"};
  Rows rows{{"1", "Møllen"}, {"2", "a b c"}};
  const Rows before = rows;
  CHECK(TableFit(headings, rows, 80).apply(headings, rows).empty());
  CHECK(rows == before);
}

TEST_CASE("the widest cells are cut, the first column is not") {
  TableFit::Row headings{"ID", "NAME", "EMAIL"};
  Rows rows{{"contact:1234567", std::string(40, 'n'), "a@b.dk"}, {"contact:2", "x", std::string(50, 'e')}};
  CHECK(TableFit(headings, rows, 50).apply(headings, rows).empty());
  CHECK(width_of(rows) == 50);
  CHECK(rows[0][0] == "contact:1234567");
  CHECK(rows[0][1].ends_with("…"));
  CHECK(rows[0][2] == "a@b.dk");
}

TEST_CASE("sentences that do not fit go below their row, whole") {
  TableFit::Row headings{"ID", "EMAIL", "TEXT"};
  Rows rows{{"1", std::string(30, 'e'), "the customer's HUB switch is off, and so on"}, {"2", "a@b.dk", ""}};
  const auto below = TableFit(headings, rows, 40).apply(headings, rows);
  REQUIRE(below.size() == 2);
  CHECK(below[0] == "    the customer's HUB switch is off,\n    and so on\n");
  CHECK(below[1].empty());
  CHECK(headings.size() == 2);
  CHECK(rows[0] == TableFit::Row{"1", std::string(30, 'e')});
  CHECK(interleave("H\nr1\nr2\n", 1, below) == "H\nr1\n" + below[0] + "r2\n");
}

TEST_CASE("later rows of a table are no wider than its screen") {
  TableFit::Row headings{"ID", "NAME", "CITY"};
  Rows first{{"1", "short", std::string(30, 'c')}};
  const TableFit fit(headings, first, 60);
  fit.apply(headings, first);
  Rows later{{"2", std::string(50, 'n'), std::string(50, 'c')}};
  TableFit::Row none;
  fit.apply(none, later);
  CHECK(width_of({first[0], later[0]}) <= 60);
}

TEST_CASE("a cell that is cut keeps its color to itself") {
  TableFit::Row headings{"ID", "STATE"};
  Rows rows{{"1", in_style(Style::bad, std::string(40, 'x'))}};
  TableFit(headings, rows, 20).apply(headings, rows);
  CHECK(with_colors(rows[0][1]).starts_with("\x1b[31m"));
  CHECK(with_colors(rows[0][1]).ends_with("\x1b[0m"));
  CHECK(display_width(rows[0][1]) == 16);
}
