#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

TEST_CASE("portal check tells where an address may log in, and what it may use there") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub(
      "customer add --business Sydlys --hub --module invoices --module projects "
      "--contact 'Anna Berg <ANNA@nordlys.dk>' --welcome --language en");
  CHECK(kundehub("portal check anna@nordlys.dk --customer 1001") == 2);
  ordered_json places = kundehub.json("portal check anna@nordlys.dk");
  REQUIRE(places.size() == 1);  // no link has gone out for Nordlys
  CHECK(places[0]["customer"] == "1002");
  CHECK(places[0]["language"] == "en");
  CHECK(places[0]["modules"] == ordered_json::array({"invoices", "projects"}));

  kundehub("welcome send contact:1");
  CHECK(kundehub.json("portal check Anna@Nordlys.dk").size() == 2);
  CHECK(kundehub.json("portal check anna@nordlys.dk --module invoices").size() == 1);
  CHECK(kundehub("portal check anna@nordlys.dk --module timesheets") == 10);
  CHECK(kundehub("portal check anna@nordlys.dk --module invoces") == 3);
  kundehub("contact edit contact:3 --only-module projects");
  CHECK(kundehub("portal check anna@nordlys.dk --module invoices") == 10);
  CHECK(kundehub.json("portal check anna@nordlys.dk").size() == 2);

  kundehub("person revoke anna@nordlys.dk --yes");
  CHECK(kundehub("portal check anna@nordlys.dk") == 10);
  CHECK(kundehub.json("portal check anna@nordlys.dk").empty());
}

TEST_CASE("portal check: nobody has this address, or it is none") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("portal check nobody@nordlys.dk") == 10);
  CHECK(kundehub.out.empty());
  CHECK(kundehub("portal check nonsense") == 65);
  CHECK(kundehub("portal check -- -x@nordlys.dk") == 10);
}
