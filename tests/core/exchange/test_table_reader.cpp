#include <doctest/doctest.h>

#include "core/exchange/dialect.hpp"
#include "core/exchange/table_reader.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/text_pieces.hpp"

namespace kundehub::exchange {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// `row/line: fault` of rows that have one are added as a row of their own.
Rows read(std::string_view text, Dialect dialect = {}, std::size_t piece = 1000) {
  TextSource source(test::pieces(text, piece), std::nullopt);
  TableReader reader(source, dialect);
  Rows rows;
  for (TableRow row; reader.next(row);) {
    rows.emplace_back(row.cells.begin(), row.cells.end());
    if (!row.fault.empty())
      rows.push_back({std::to_string(row.row) + "/" + std::to_string(row.line), std::string(row.fault)});
  }
  return rows;
}

TEST_CASE("RFC 4180, with every kind of line end, however the bytes come in") {
  const Rows expected{{"a", "b"}, {"x \"y\"", "1\n2"}, {"", "z"}};
  for (const std::size_t piece : {1, 2, 3, 7, 1000}) {
    CAPTURE(piece);
    CHECK(read("a,b\n\"x \"\"y\"\"\",\"1\n2\"\n,z\n", {}, piece) == expected);
    CHECK(read("a,b\r\n\"x \"\"y\"\"\",\"1\n2\"\r\n\r\n,z", {}, piece) == expected);
    CHECK(read("a,b\r\"x \"\"y\"\"\",\"1\n2\"\r,z\r", {}, piece) == expected);
    CHECK(read("a;b\n\"x \"\"y\"\"\";\"1\n2\"\n;z\n", {';', Quotes::strict}, piece) == expected);
  }
  CHECK(read("").empty());
  CHECK(read("\n\r\n\n").empty());
  CHECK(read("\"\"\n") == Rows{{""}});
}

TEST_CASE("what is no table is told by how it begins, however the bytes come in") {
  for (const std::size_t piece : {1, 3, 1000}) {
    CAPTURE(piece);
    const auto why = test::refusal([&] { read("PK\x03\x04 and more", {}, piece); });
    CHECK(why.find("this is an Excel or LibreOffice workbook") == 0);
  }
  CHECK(read("PK", {}, 1) == Rows{{"PK"}});
}

TEST_CASE("rows are numbered as a spreadsheet does it, lines as an editor does") {
  TextSource source(test::pieces("a\r\n\r\n\"1\r\n2\r3\n4\"\r\nb\r\n", 1000), std::nullopt);
  TableReader reader(source, {});
  TableRow row;
  std::vector<std::pair<std::int64_t, std::int64_t>> places;
  while (reader.next(row)) places.emplace_back(row.row, row.line);
  CHECK(places == std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {3, 3}, {4, 7}});
}

TEST_CASE("a quote where none may be is a fault of a CSV row, and itself in what was pasted") {
  CHECK(
      read("a\n6\" pipe\n") ==
      Rows{{"a"}, {"6\" pipe"}, {"2/2", "has a quote inside a cell that is not quoted: write \"\" in a quoted cell"}});
  CHECK(read("\"a\"b,c\n").back() ==
        std::vector<std::string>{"1/1", "has text behind a closing quote: is a delimiter missing?"});
  const Dialect pasted{'\t', Quotes::lax};
  CHECK(read("6\" pipe\t\"Bob\" B\t\"1\n2\"\t\"x\n", pasted) == Rows{{"6\" pipe", "\"Bob\" B", "1\n2", "\"x"}});
}

TEST_CASE("what would never end is refused") {
  CHECK(test::refusal([] { read("a\n\"b\nc\n"); }).find("the quote that opens in row 2 (line 2) is never closed") == 0);
  CHECK(test::refusal([] { read("a\n" + std::string(3 << 20, 'x')); }).find("row 2 (line 2) has more than 1 MiB") == 0);
  CHECK(test::refusal([] { read(std::string(1000, ',')); }).find("row 1 (line 1) has more than 1000 cells") == 0);
  CHECK(read(std::string(999, ','))[0].size() == 1000);
}

TEST_CASE("the delimiter is told from known headings first, then from the number of cells") {
  CHECK(find_dialect("Navn;By\nBo, Eva;Odense\n").delimiter == ';');
  CHECK(find_dialect("Navn,By\nBo;Odense\n").delimiter == ',');
  CHECK(find_dialect("Navn\tBy\n").delimiter == '\t');
  CHECK(find_dialect("Navn|By\n").delimiter == '|');
  CHECK(find_dialect("x;y;z,w\n1;2;3,4\n").delimiter == ';');
  CHECK(find_dialect("Navn\nBo\n").delimiter == ',');
  CHECK(find_dialect("sep=|\r\nnavn;x|by\n").delimiter == '|');
  CHECK(find_dialect("\"a;b\nc\";Navn\n").delimiter == ';');
  CHECK(find_dialect("navn\n\"Bo\n").delimiter == ',');
}

TEST_CASE("--delimiter takes one character") {
  CHECK(parse_delimiter("tab") == '\t');
  CHECK(parse_delimiter("#") == '#');
  for (const char* wrong : {"", "ab", "\"", "\n", "æ"}) {
    CHECK(test::refusal([&] { parse_delimiter(wrong); }, ErrorKind::usage).find("--delimiter takes one character") ==
          0);
  }
}

}  // namespace
}  // namespace kundehub::exchange
