#include "core/exchange/cell.hpp"

#include <doctest/doctest.h>

using namespace kundehub::exchange;

namespace {

std::string cell(std::string_view text, char separator = ',') {
  std::string line;
  append_cell(line, text, separator);
  return line;
}

}  // namespace

TEST_CASE("a cell is in quotes where it needs them, and nowhere else") {
  CHECK(cell("") == "");
  CHECK(cell("Rødgrød med fløde") == "Rødgrød med fløde");
  CHECK(cell("a,b") == "\"a,b\"");
  CHECK(cell("a,b", ';') == "a,b");
  CHECK(cell("a;b", ';') == "\"a;b\"");
  CHECK(cell("a\tb", '\t') == "\"a\tb\"");
  CHECK(cell("say \"hi\"") == "\"say \"\"hi\"\"\"");
  CHECK(cell("two\nlines") == "\"two\nlines\"");
  CHECK(cell("two\rlines") == "\"two\rlines\"");
  CHECK(cell(" blank") == "\" blank\"");
  CHECK(cell("blank ") == "\"blank \"");
}

TEST_CASE("what a spreadsheet would run is guarded, a telephone number is left alone") {
  for (const char* formula : {"=1+2", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "=", "-", "+45 12 34 56 78+1", "-rf"}) {
    CAPTURE(formula);
    CHECK(cell(formula) == std::string("'") + formula);
  }
  for (const char* text : {"+45 12345678", "+4512345678", "-5", "12-34", "a=b", "'", "''", "d'Artagnan", "'tis"}) {
    CAPTURE(text);
    CHECK(cell(text) == text);
  }
  CHECK(cell("=HYPERLINK(\"x\",1)") == "\"'=HYPERLINK(\"\"x\"\",1)\"");
}

TEST_CASE("a guarded text comes back as it was") {
  for (const char* text : {"=1", "'=1", "''=1", "+1 2", "'+1 2", "'", "''", "'a", "", "-", "'-", "@x", "a"}) {
    CAPTURE(text);
    CHECK(unguarded(cell(text)) == text);
  }
}
