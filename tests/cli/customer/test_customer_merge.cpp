#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

/// 1001 and 1002 are one firm, entered twice; Anna is at both.
struct Doubles : Shell {
  Doubles() {
    add_nordlys();
    (*this)(
        "customer add --business Nordlys --hub --module invoices --tag ny --city Aarhus --notes Anden "
        "--contact 'Anna Berg <anna@nordlys.dk>' --contact 'Dora Dam <dora@nordlys.dk>' --no-welcome");
  }

  /// Address and reason of each contact at 1001.
  std::string access() {
    std::string text;
    for (const ordered_json& row : json("hub status 1001"))
      text += row["email"].get<std::string>() + ' ' + row["reason"].dump() + ' ';
    return text;
  }
};

}  // namespace

TEST_CASE("customer merge moves contacts, tags, modules, notes and what INTO lacks, and deletes FROM") {
  Doubles kundehub;
  CHECK(kundehub("customer merge 1002 1001") == 6);
  CHECK(kundehub.message() ==
        "confirmation needed: Move 2 contacts and the history of customer 1002 (Nordlys) to 1001 "
        "(Nordlys ApS), and delete 1002?");
  const ordered_json page = kundehub.json("customer merge 1002 1001 --yes");
  CHECK(page["name"] == "Nordlys ApS");
  CHECK(page["city"] == "Aarhus");
  CHECK(page["notes"] == "Anden");
  CHECK(page["tags"] == ordered_json::array({"ny"}));
  CHECK(page["modules"] == ordered_json::array({"invoices", "projects"}));
  CHECK(page["contacts"].size() == 3);
  CHECK(kundehub("customer show 1002") == 3);
  CHECK(kundehub.hint() == "it was merged into customer 1001 (Nordlys ApS)");
  CHECK(kundehub.records.value("SELECT count(*) FROM contact WHERE is_primary") == "1");
}

TEST_CASE("what was told of FROM is told of INTO") {
  Doubles kundehub;
  kundehub("customer merge 1002 1001 --yes");
  const ordered_json page = kundehub.json("customer show 1001");
  std::string commands;
  for (const ordered_json& operation : page["operations"]) commands += operation["command"].get<std::string>() + '\n';
  CHECK(commands.find("customer add --business Nordlys --hub") != std::string::npos);
}

TEST_CASE("what differs is shown, and needs --prefer") {
  Doubles kundehub;
  kundehub("customer edit 1001 --phone 11111111");
  kundehub("customer edit 1002 --phone 22222222");
  CHECK(kundehub("customer merge 1002 1001 --yes") == 4);
  CHECK(kundehub.said("warning: phone: \"22222222\" at 1002, \"11111111\" at 1001"));
  CHECK(kundehub.hint() == "say whose values count: --prefer from, or --prefer into");
  CHECK(kundehub("customer merge 1002 1001 --yes --prefer both") == 2);
  CHECK(kundehub("customer merge 1002 1001 --yes --prefer from --dry-run") == 0);
  CHECK(kundehub.json("customer show 1001")["phone"] == "11111111");
  CHECK(kundehub("customer merge 1002 1001 --yes --prefer from") == 0);
  CHECK(kundehub.json("customer show 1001")["phone"] == "22222222");
}

TEST_CASE("of a person at both, the contact with the better way in is kept") {
  Doubles kundehub;
  kundehub("welcome send contact:3");
  kundehub.use_link(3);
  kundehub("customer merge 1002 1001 --yes");
  CHECK(kundehub.json("contact show anna@nordlys.dk --customer 1001")["id"] == "contact:3");
  CHECK(kundehub("hub explain contact:3") == 0);
}

TEST_CASE("R15: a merge readmits nobody") {
  SUBCASE("whoever was switched off at one of them stays out") {
    Doubles kundehub;
    kundehub("contact edit contact:1 --no-hub");
    kundehub("welcome send contact:3");
    kundehub("customer merge 1002 1001 --yes");
    CHECK(kundehub.access().find("anna@nordlys.dk \"contact_hub_off\"") != std::string::npos);
  }
  SUBCASE("people of a customer without access do not get in by one that has it") {
    Doubles kundehub;
    kundehub("welcome send 1002");
    for (const int contact : {3, 4}) kundehub.use_link(contact);
    kundehub("hub revoke 1002");
    kundehub("customer merge 1002 1001 --yes --prefer into");
    CHECK(kundehub.access().find("dora@nordlys.dk \"contact_hub_off\"") != std::string::npos);
  }
  SUBCASE("one contact's switch and the other's link together let nobody in") {
    Doubles kundehub;
    kundehub("welcome send contact:3");
    kundehub.use_link(3);
    SUBCASE("the contact's switch was off") {
      kundehub("contact edit contact:3 --no-hub");
    }
    SUBCASE("the customer's switch was off") {
      kundehub("hub revoke 1002");
    }
    SUBCASE("the customer was archived") {
      kundehub("customer archive 1002");
    }
    kundehub("customer merge 1002 1001 --yes --prefer into");
    CHECK(kundehub.access().find("anna@nordlys.dk \"no_way_in\"") != std::string::npos);
  }
  SUBCASE("nor one private customer's link with the other's switch") {
    Shell people;
    people("customer add --private 'Carl Lund' --hub --module projects --no-welcome");
    people("customer add --private 'Carl Lund' --email carl@lund.dk --hub --module projects --no-welcome");
    people("welcome send 1002");
    people.use_link(2);
    people("hub revoke 1002");
    people("customer merge 1002 1001 --yes --prefer into");
    CHECK(people("hub explain carl@lund.dk") == 10);
  }
  SUBCASE("nor those of an archived one") {
    Doubles kundehub;
    kundehub("welcome send 1002");
    for (const int contact : {3, 4}) kundehub.use_link(contact);
    kundehub("customer archive 1002");
    kundehub("customer merge 1002 1001 --yes --prefer into");
    CHECK(kundehub.access().find("dora@nordlys.dk \"contact_hub_off\"") != std::string::npos);
  }
}

TEST_CASE("links that have gone out live on at the customer that stays") {
  Doubles kundehub;
  kundehub("welcome send contact:4");
  kundehub("customer merge 1002 1001 --yes");
  CHECK(kundehub("hub explain dora@nordlys.dk") == 0);
}

TEST_CASE("a private customer becomes a contact, and a business no private customer") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  CHECK(kundehub("customer merge 1001 1002 --yes") == 4);
  CHECK(kundehub.hint() == "kundehub customer convert 1002 --to business");
  CHECK(kundehub("customer merge 1002 1001 --yes") == 0);
  CHECK(kundehub.json("contact show carl@lund.dk")["customer"] == "1001");
  CHECK(kundehub("customer merge 1001 1001 --yes") == 4);
  CHECK(kundehub("customer merge 9999 1001 --yes") == 3);
  kundehub.add_lund();
  kundehub("customer archive 1001");
  CHECK(kundehub("customer merge 1003 1001 --yes") == 4);
  CHECK(kundehub.hint() == "kundehub customer unarchive 1001");
}

TEST_CASE("what was merged before goes along") {
  Shell kundehub;
  for (const char* name : {"A", "B", "C"}) kundehub(std::string("customer add --business ") + name);
  kundehub("customer merge 1001 1002 --yes");
  CHECK(kundehub.said("customer 1002 keeps its name; the name \"A\" goes"));
  kundehub("customer merge 1002 1003 --yes");
  for (const char* number : {"1001", "1002"}) {
    CHECK(kundehub(std::string("customer show ") + number) == 3);
    CHECK(kundehub.hint() == "it was merged into customer 1003 (C)");
  }
  CHECK(kundehub.json("customer show 1003")["operations"].size() == 5);
}

TEST_CASE("a business without contacts gets a primary one by a merge") {
  Shell kundehub;
  kundehub("customer add --business A --contact 'An Berg <an@a.dk>' --contact 'Bo Ek <bo@a.dk>'");
  kundehub("customer add --business B");
  kundehub("customer merge 1001 1002 --yes");
  CHECK(kundehub.records.value("SELECT group_concat(id) FROM contact WHERE is_primary") == "1");
}

TEST_CASE("of two private doubles the way in to the address that is kept counts") {
  Shell kundehub;
  kundehub("customer add --private 'Carl Lund' --email old@lund.dk --hub --module projects --no-welcome");
  kundehub("customer add --private 'Carl Lund' --email new@lund.dk --hub --module projects --no-welcome");
  kundehub("welcome send 1002");
  kundehub.use_link(2);
  SUBCASE("from") {
    kundehub("customer merge 1002 1001 --prefer from --yes");
    CHECK(kundehub("hub explain new@lund.dk") == 0);
  }
  SUBCASE("into") {
    kundehub("customer merge 1002 1001 --prefer into --yes");
    CHECK(kundehub("hub explain old@lund.dk") == 10);
  }
  CHECK(kundehub.records.value("SELECT count(*) FROM contact") == "1");
}

TEST_CASE("a mail that waits goes along with the person who has no other way in") {
  Doubles kundehub;
  kundehub("welcome send contact:3 --queue");
  kundehub("customer merge 1002 1001 --yes");
  CHECK(kundehub.json("contact show anna@nordlys.dk --customer 1001")["welcome"] == "queued");
}

TEST_CASE("whose logins were told of a double's contact, they are told of the one that is kept") {
  Doubles kundehub;
  kundehub("portal login contact:1 --at 2026-11-20T10:00:00Z");
  kundehub("portal login contact:3 --at 2026-11-21T10:00:00Z");
  SUBCASE("the contact of INTO is kept") {}
  SUBCASE("the contact of FROM has the better way in") {
    kundehub("welcome send contact:3");
    kundehub.use_link(3);
  }
  CHECK(kundehub("customer merge 1002 1001 --yes") == 0);
  CHECK(kundehub.json("hub logins anna@nordlys.dk").size() >= 2);
  CHECK(kundehub.records.value("SELECT count(*) FROM login WHERE method = 'portal'") == "2");
}

TEST_CASE("of two private doubles the logins of both are told") {
  Shell kundehub;
  for (const char* email : {"old@lund.dk", "new@lund.dk"})
    kundehub(std::string("customer add --private 'Carl Lund' --email ") + email);
  kundehub("portal login contact:1");
  kundehub("customer merge 1001 1002 --prefer into --yes");
  CHECK(kundehub.json("hub logins 1002").size() == 1);
}
