#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;

TEST_CASE("modules are added, renamed and deleted") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub.json("module add files --da Filer --en Files")["title_da"] == "Filer");
  CHECK(kundehub("hub grant 1001 --module files") == 0);
  CHECK(kundehub.json("module edit files --da Dokumenter")["title_en"] == "Files");
  CHECK(kundehub("module delete files") == 6);
  CHECK(kundehub.message() == "confirmation needed: Delete module files (Files), which is on for 1 customer?");
  CHECK(kundehub("module delete files --yes --format ids") == 0);
  CHECK(kundehub.out == "files\n");
  CHECK(kundehub.json("customer show 1001")["modules"].size() == 1);
  CHECK(kundehub("hub grant 1001 --module files") == 3);
}

TEST_CASE("a module that has these titles already is no change") {
  Shell kundehub;
  CHECK(kundehub("module edit projects --en Projects") == 0);
  CHECK(kundehub.said("nothing had to be changed"));
  CHECK(kundehub.records.value("SELECT count(*) FROM operation") == "0");
}

TEST_CASE("a module's key is short and plain, and its own") {
  Shell kundehub;
  CHECK(kundehub("module add projects --da A --en B") == 4);
  for (const char* key : {"Files", "a b", "æ", "''", "a,b", "-x"}) {
    CAPTURE(key);
    CHECK(kundehub(std::string("module add ") + key + " --da A --en B") != 0);
  }
  CHECK(kundehub("module add files --da A --en ''") == 65);
  CHECK(kundehub("module edit nonsense --da A") == 3);
  CHECK(kundehub("module edit projcts --da A") == 3);
  CHECK(kundehub.hint() == "did you mean projects");
  CHECK(kundehub("module edit projects") == 2);
  CHECK(kundehub.json("module list").size() == 4);
  CHECK(kundehub("module add files --da Filer") == 0);
  CHECK(kundehub.json("module list")[4]["title_en"] == "Filer");
}

TEST_CASE("a contact whose only module is deleted does not get all") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("hub grant 1001 --module invoices");
  kundehub("contact edit contact:1 --only-module projects");
  kundehub("module delete projects --yes");
  CHECK(kundehub.json("contact show contact:1")["only_modules"].empty());
  CHECK(kundehub.json("contact show contact:1")["only_modules"].is_array());
  CHECK(kundehub.json("hub status")[0]["modules"].empty());
}
