#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

/// Bo is at Nordlys and Sydlys, and a private customer.
struct Bo : Shell {
  Bo() {
    add_nordlys();
    (*this)("customer add --business Sydlys --hub --module invoices --contact 'Bo Ek <BO@nordlys.dk>' --no-welcome");
    (*this)("customer add --private 'Bo Ek' --email bo@nordlys.dk --hub --module projects --no-welcome");
  }
};

}  // namespace

TEST_CASE("person show tells of one human being at every customer") {
  Bo kundehub;
  const ordered_json places = kundehub.json("person show bo@nordlys.dk");
  REQUIRE(places.size() == 3);
  CHECK(places[0]["customer"] == "1001");
  CHECK(places[1]["customer"] == "1002");
  CHECK(places[2]["customer"] == "1003");
  CHECK(kundehub("person show nobody@nordlys.dk") == 3);
  CHECK(kundehub("person show nonsense") == 65);
  CHECK(kundehub("person show") == 2);
}

TEST_CASE("person edit changes the person everywhere, in one operation") {
  Bo kundehub;
  CHECK(kundehub("person edit bo@nordlys.dk --last-name Østergaard --phone 12345678") == 0);
  for (const ordered_json& place : kundehub.json("person show bo@nordlys.dk")) {
    CHECK(place["last_name"] == "Østergaard");
    CHECK(place["phone"] == "12345678");
  }
  CHECK(kundehub.json("customer show 1003")["name"] == "Bo Østergaard");
  CHECK(kundehub.records.value("SELECT count(*) FROM operation WHERE command LIKE 'person%'") == "1");
  CHECK(kundehub("person edit bo@nordlys.dk") == 2);
}

TEST_CASE("R13: a person's new address ends every link, and gets a mail for each customer if asked") {
  Bo kundehub;
  kundehub("welcome send bo@nordlys.dk --customer 1001");
  CHECK(kundehub("person edit bo@nordlys.dk --email bo@ek.dk --welcome") == 0);
  CHECK(kundehub.said("1 login link that had gone out no longer works"));
  CHECK(kundehub.mails().size() == 4);
  CHECK(kundehub.json("person show bo@ek.dk").size() == 3);
}

TEST_CASE("where the new address is taken the person is refused, and changed elsewhere") {
  Bo kundehub;
  CHECK(kundehub("person edit bo@nordlys.dk --email anna@nordlys.dk") == 5);
  CHECK(kundehub.said("warning: at customer 1001: "));
  CHECK(kundehub.json("person show anna@nordlys.dk").size() == 3);
  CHECK(kundehub.json("person show bo@nordlys.dk").size() == 1);
}

TEST_CASE("person revoke ends access everywhere, and nobody else's") {
  Bo kundehub;
  kundehub("welcome send bo@nordlys.dk --customer 1001");
  CHECK(kundehub("person revoke bo@nordlys.dk") == 0);
  CHECK(kundehub.said("1 login link that had gone out no longer works"));
  for (const ordered_json& place : kundehub.json("person show bo@nordlys.dk")) CHECK(place["access"] == false);
  CHECK(kundehub.json("customer show 1003")["hub"] == "off");
  CHECK(kundehub.json("contact show contact:1")["hub"] == "on");
  kundehub("hub grant 1001 1002 --module timesheets");
  for (const ordered_json& place : kundehub.json("person show bo@nordlys.dk")) CHECK(place["hub"] == "off");
}
