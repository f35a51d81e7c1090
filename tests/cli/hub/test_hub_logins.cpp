#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

TEST_CASE("hub logins shows who came in, newest first") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  CHECK(kundehub("hub logins") == 0);
  CHECK(kundehub.out == "");
  const ordered_json login = kundehub.json("portal login anna@nordlys.dk --at 2026-11-20T10:00:00Z --ip 192.0.2.7");
  CHECK(login["contact"] == "contact:1");
  CHECK(login["ip"] == "192.0.2.7");
  CHECK(kundehub("portal login contact:2 --at 2026-11-21T10:00:00Z") == 0);
  CHECK(kundehub("portal login contact:3 --ip 2001:DB8::0:7") == 0);
  const ordered_json logins = kundehub.json("hub logins");
  REQUIRE(logins.size() == 3);
  CHECK(logins[0]["contact"] == "contact:3");
  CHECK(logins[0]["ip"] == "2001:db8::7");
  CHECK(logins[0]["method"] == "portal");
  CHECK(logins[1]["ip"].is_null());
  CHECK(logins[2]["email"] == "anna@nordlys.dk");
  CHECK(logins[2]["at"] == "2026-11-20T10:00:00Z");
  CHECK(kundehub.json("hub logins 1001").size() == 2);
  CHECK(kundehub.json("hub logins anna@nordlys.dk").size() == 1);
  CHECK(kundehub.json("hub logins --since 2026-11-21").size() == 2);
  CHECK(kundehub.json("hub logins --limit 1")[0]["contact"] == "contact:3");
  CHECK(kundehub("hub logins 9999") == 3);
  CHECK(kundehub.json("hub logins anna@nordlys.dk --customer 1001").size() == 1);
  CHECK(kundehub("hub logins 1001 --customer 1002") == 2);
}

TEST_CASE("a customer's page shows the latest logins") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub.json("customer show 1001")["logins"].empty());
  kundehub("portal login anna@nordlys.dk --at 2026-11-20T10:00:00Z");
  const ordered_json page = kundehub.json("customer show 1001");
  CHECK(page["logins"][0]["contact"] == "contact:1");
  kundehub("customer show 1001");
  CHECK(kundehub.out.find("Latest logins\n  2026-11-20 10:00  Anna Berg") != std::string::npos);
}

TEST_CASE("portal login is told who, when and from where, and refuses what cannot be") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("portal login contact:9") == 3);
  CHECK(kundehub("portal login anna@nordlys.dk --ip 300.1.1.1") == 65);
  CHECK(kundehub("portal login anna@nordlys.dk --ip '127.0.0.1; x'") == 65);
  CHECK(kundehub("portal login anna@nordlys.dk --at 2036-01-01") == 65);
  CHECK(kundehub("portal login anna@nordlys.dk --dry-run") == 0);
  CHECK(kundehub.json("hub logins").empty());
}
