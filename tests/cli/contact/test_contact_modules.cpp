#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

struct Limited : Shell {
  Limited() {
    add_nordlys();
    (*this)("hub grant 1001 --module invoices");
    (*this)("welcome send 1001");
    (*this)("contact edit contact:1 --only-module projects");
  }
};

}  // namespace

TEST_CASE("a contact with modules of its own uses of the customer's only those") {
  Limited kundehub;
  const ordered_json status = kundehub.json("hub status");
  CHECK(status[0]["modules"] == ordered_json::array({"projects"}));
  CHECK(status[1]["modules"] == ordered_json::array({"invoices", "projects"}));
  CHECK(kundehub.json("contact show contact:1")["only_modules"] == ordered_json::array({"projects"}));
  CHECK(kundehub.json("contact show contact:2")["only_modules"].is_null());
  kundehub("hub revoke 1001 --module projects");
  CHECK(kundehub.json("hub status")[0]["modules"].empty());
}

TEST_CASE("hub explain tells of a module that a contact is kept from") {
  Limited kundehub;
  CHECK(kundehub("hub explain contact:1 --module projects") == 0);
  CHECK(kundehub("hub explain contact:1 --module invoices") == 10);
  CHECK(kundehub.out.find("the contact is kept from the module invoices") != std::string::npos);
  CHECK(kundehub("hub explain contact:2 --module invoices") == 0);
  kundehub("contact edit contact:1 --all-modules");
  CHECK(kundehub("hub explain contact:1 --module invoices") == 0);
}

TEST_CASE("contact edit takes several modules, and none together with all") {
  Limited kundehub;
  const ordered_json contact = kundehub.json("contact edit contact:1 --only-module invoices --only-module projects");
  CHECK(contact["only_modules"] == ordered_json::array({"invoices", "projects"}));
  CHECK(kundehub("contact edit contact:1 --only-module projects --all-modules") == 2);
  CHECK(kundehub("contact edit contact:1 --only-module nonsense") == 3);
}

TEST_CASE("a mail to somebody who would see an empty HUB goes out with a warning") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("contact edit contact:1 --only-module invoices");
  CHECK(kundehub("welcome send contact:1") == 0);
  CHECK(kundehub.said("may use none of the modules that are on: the HUB will look empty"));
}
