#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

struct Customers : Shell {
  Customers() {
    add_nordlys();
    add_lund();
    (*this)("hub revoke 1001 1002");
  }
};

}  // namespace

TEST_CASE("hub grant turns switches and modules on and prints who may log in") {
  Customers kundehub;
  CHECK(kundehub("hub grant 1001 1002 --module invoices --module timesheets") == 0);
  CHECK(kundehub.json("customer show 1001")["modules"] == ordered_json::array({"invoices", "projects", "timesheets"}));
  CHECK(kundehub.json("customer show 1002")["hub"] == "on");
  const ordered_json list = kundehub.json("hub grant 1001 1002 1001 --all-modules");
  REQUIRE(list.size() == 3);
  CHECK(list[0]["contact"] == "contact:1");
  CHECK(list[2]["customer"] == "1002");
  CHECK(kundehub.json("customer show 1002")["modules"].size() == 4);
}

TEST_CASE("hub grant and revoke of single contacts print those, so that a script can go on with them") {
  Customers kundehub;
  kundehub("hub grant 1001 --contact bo@nordlys.dk --contact contact:2 --format ids");
  CHECK(kundehub.out == "contact:2\n");
  CHECK(kundehub.json("hub grant 1001 --contact contact:2 --dry-run").size() == 1);
  kundehub("hub revoke 1001 --contact anna@nordlys.dk --format ids");
  CHECK(kundehub.out == "contact:1\n");
  kundehub("hub grant 1001 --contact contact:2 --all-contacts --format ids");
  CHECK(kundehub.out == "contact:1\ncontact:2\n");
}

TEST_CASE("hub grant --contact tells of the others whom the customer's switch lets in") {
  Customers kundehub;
  kundehub("hub grant 1001 --welcome");
  kundehub("hub revoke 1001 --contact bo@nordlys.dk");
  kundehub("hub grant 1001 --contact bo@nordlys.dk --welcome");
  CHECK(kundehub.said("1 other contact of customer 1001 may log in\nhint: kundehub hub status 1001\n"));
}

TEST_CASE("hub grant of an unknown module or customer changes nothing") {
  Customers kundehub;
  CHECK(kundehub("hub grant 1001 --module project") == 3);
  CHECK(kundehub.hint() == "did you mean projects");
  CHECK(kundehub("hub grant 9999") == 3);
  CHECK(kundehub("hub grant 1001 --contact nobody@x.dk") == 3);
  CHECK(kundehub("hub grant") == 2);
  CHECK(kundehub.json("customer show 1001")["hub"] == "off");
}

TEST_CASE("hub grant of an archived customer is refused") {
  Customers kundehub;
  kundehub.records.sql("UPDATE customer SET archived_at = 1 WHERE number = '1001'");
  CHECK(kundehub("hub grant 1001") == 4);
  CHECK(kundehub.message() == "customer 1001 is archived: archiving ends all access");
  CHECK(kundehub.hint() == "kundehub customer unarchive 1001");
}

TEST_CASE("hub grant --welcome writes once to each who has no way in, whatever is named twice") {
  Customers kundehub;
  CHECK(kundehub("hub grant 1001 1002 id:1 --welcome") == 0);
  CHECK(kundehub.mails().size() == 3);
  CHECK(kundehub("hub grant 1001 1002 --welcome") == 0);
  CHECK(kundehub.mails().size() == 3);
  CHECK(kundehub.json("hub status 1001")[0]["access"] == true);
}

TEST_CASE("hub grant asks at a terminal whether to write, and only there") {
  Customers kundehub;
  CHECK(kundehub("hub grant 1001") == 0);
  CHECK_FALSE(kundehub.said("[y/N]"));
  kundehub.at_terminal("n\n");
  CHECK(kundehub("hub grant 1001") == 0);
  CHECK(kundehub.said("[y/N]"));
  CHECK(kundehub.mails().empty());
  CHECK(kundehub("hub grant 1001 --no-welcome") == 0);
  CHECK_FALSE(kundehub.said("[y/N]"));
  kundehub.at_terminal("y\n");
  CHECK(kundehub("hub grant 1001") == 0);
  CHECK(kundehub.mails().size() == 2);
}

TEST_CASE("hub grant --welcome changes nothing if mail is not set up, and ends with 5 if it does not leave") {
  Customers kundehub;
  kundehub.configure("mail.transport", "");
  CHECK(kundehub("hub grant 1001 --welcome") == 78);
  CHECK(kundehub.json("customer show 1001")["hub"] == "off");
  kundehub.configure("mail.transport", "smtp://127.0.0.1:1");
  CHECK(kundehub("hub grant 1001 --welcome") == 5);
  CHECK(kundehub.json("customer show 1001")["hub"] == "on");
}

TEST_CASE("a customer that is named twice counts once, and a name that is none leaves the others") {
  Shell kundehub;
  kundehub("customer add --business Empty");
  CHECK(kundehub("hub grant 1001 1001") == 4);
  kundehub.add_lund();
  kundehub.pipe("1002\ncontact:9\nnot a number\n");
  CHECK(kundehub("hub grant --ids-from - --no-welcome --format ids") == 5);
  CHECK(kundehub.out == "contact:1\n");
}
