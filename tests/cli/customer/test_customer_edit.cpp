#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

TEST_CASE("customer edit changes what is given and nothing else") {
  Shell kundehub;
  kundehub("customer add --business A --cvr 13585628 --phone 12345678 --tag a --tag b --notes x");
  kundehub.records.now += kundehub::Seconds(60);
  const ordered_json edited = kundehub.json(
      "customer edit 1001 --name B --city Odense --unset phone --unset notes --add-tag c --remove-tag a --hub");
  CHECK(edited["name"] == "B");
  CHECK(edited["city"] == "Odense");
  CHECK(edited["phone"].is_null());
  CHECK(edited["notes"].is_null());
  CHECK(edited["cvr"] == "13585628");
  CHECK(edited["tags"] == ordered_json::array({"b", "c"}));
  CHECK(edited["hub"] == "on");
  CHECK(edited["hub_changed_at"] == "2026-11-23T10:01:00Z");
  CHECK(edited["created_at"] == "2026-11-23T10:00:00Z");
  CHECK(edited["updated_at"] == "2026-11-23T10:01:00Z");
}

TEST_CASE("customer edit brings a default back when a field is unset that has one") {
  Shell kundehub;
  kundehub("customer add --business A --country SE --language en");
  const ordered_json edited = kundehub.json("customer edit 1001 --unset country --unset language");
  CHECK(edited["country"] == "DK");
  CHECK(edited["language"] == "da");
}

TEST_CASE("an edited customer is found by what it has now, and no longer by what it had") {
  Shell kundehub;
  kundehub("customer add --business A --cvr 13585628 --email a@example.dk");
  REQUIRE(kundehub("customer edit 1001 --cvr 25313763") == 0);
  CHECK(kundehub("customer show cvr:25313763") == 0);
  CHECK(kundehub("customer show cvr:13585628") == 3);
  CHECK(kundehub("customer show email:a@example.dk") == 0);
  REQUIRE(kundehub("customer edit 1001 --email b@example.dk") == 0);
  CHECK(kundehub("customer show email:b@example.dk") == 0);
  CHECK(kundehub("customer show email:a@example.dk") == 3);
  REQUIRE(kundehub("customer edit 1001 --unset email --name B") == 0);
  CHECK(kundehub("customer show email:b@example.dk") == 3);
  REQUIRE(kundehub("customer edit 1001 --email B@Example.dk") == 0);
  REQUIRE(kundehub("customer edit 1001 --email b@example.dk") == 0);  // another case only
  CHECK(kundehub.json("customer show 1001")["email"] == "b@example.dk");
}

TEST_CASE("customer edit refuses what makes no sense") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("customer edit 1001") == 2);
  CHECK(kundehub.message() == "nothing to change was given");
  CHECK(kundehub.hint() == "give the fields as options, such as --phone: kundehub help customer edit");
  CHECK(kundehub("customer edit 1001 --unset name") == 65);
  CHECK(kundehub("customer edit 1001 --unset nmae") == 2);
  CHECK(kundehub.hint() == "did you mean name");
  CHECK(kundehub("customer edit 1001 --unset number") == 2);
  CHECK(kundehub("customer edit 1001 --cvr 123") == 65);
  CHECK(kundehub("customer edit 9999 --name x") == 3);
  CHECK(kundehub("customer edit 1001 1002 --name x") == 2);
  CHECK(kundehub("customer edit --name x") == 2);
  kundehub.add_lund();
  CHECK(kundehub("customer edit 1002 --cvr 13585628") == 65);
  CHECK(kundehub.json("customer show 1001")["name"] == "Nordlys ApS");
}

TEST_CASE("customer edit writes an address down as it is typed now") {
  Shell kundehub;
  kundehub("customer add --business A --email a@x.dk");
  CHECK(kundehub.json("customer edit 1001 --email A@x.dk")["email"] == "A@x.dk");
  CHECK_FALSE(kundehub.said("nothing had to be changed"));
}

TEST_CASE("a value that is empty clears nothing: a script's variable may not be set") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("customer edit 1001 --phone ''") == 2);
  CHECK(kundehub.hint() == "a field is cleared with --unset phone");
  CHECK(kundehub("contact edit contact:1 --email ''") == 2);
  CHECK(kundehub("contact edit contact:1 --first-name ''") == 2);
  CHECK(kundehub.message() == "--first-name has no value");
}
