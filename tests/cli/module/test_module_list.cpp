#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;

TEST_CASE("module list shows what a new database has, in both languages") {
  Shell kundehub;
  CHECK(kundehub("module list") == 0);
  CHECK(kundehub.out ==
        "KEY         TITLE_DA    TITLE_EN\n"
        "timesheets  Timesedler  Timesheets\n"
        "punchcards  Klippekort  Punch cards\n"
        "projects    Projekter   Projects\n"
        "invoices    Fakturaer   Invoices\n");
  CHECK(kundehub("module list --format ids") == 0);
  CHECK(kundehub.out == "timesheets\npunchcards\nprojects\ninvoices\n");
  CHECK(kundehub.json("module list")[1]["title_da"] == "Klippekort");
}

TEST_CASE("module list of an empty database is empty") {
  Shell kundehub;
  kundehub.records.sql("DELETE FROM module");
  CHECK(kundehub("module list") == 0);
  CHECK(kundehub.out == "");
  CHECK(kundehub.json("module list") == nlohmann::ordered_json::array());
}
