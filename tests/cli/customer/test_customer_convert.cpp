#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;

TEST_CASE("a private customer becomes a business, and the person its contact with id and link") {
  Shell kundehub;
  kundehub.add_lund();
  kundehub("welcome send 1001");
  const auto page = kundehub.json("customer convert 1001 --to business --name 'Lund ApS'");
  CHECK(page["kind"] == "business");
  CHECK(page["name"] == "Lund ApS");
  CHECK(page["contacts"][0]["id"] == "contact:1");
  CHECK(page["contacts"][0]["first_name"] == "Carl");
  CHECK(page["contacts"][0]["primary"] == true);
  CHECK(page["contacts"][0]["access"] == true);
  CHECK(kundehub("contact add 1001 'Dora Dam <dora@lund.dk>' --no-welcome") == 0);
}

TEST_CASE("a person without a last name or an address is no business's contact yet") {
  Shell kundehub;
  kundehub("customer add --private Carl --email carl@lund.dk");
  CHECK(kundehub("customer convert 1001 --to business") == 65);
  CHECK(kundehub.hint() == "kundehub customer edit 1001 --name \"First Last\"");
  kundehub("customer add --private 'Eva Eg'");
  CHECK(kundehub("customer convert 1002 --to business") == 65);
  CHECK(kundehub.hint() == "kundehub customer edit 1002 --email name@example.dk");
}

TEST_CASE("a business with one contact becomes that person, and what is dropped is told") {
  Shell kundehub;
  kundehub(
      "customer add --business 'Lund ApS' --cvr 13585628 --email bill@lund.dk --hub --module projects "
      "--contact 'Carl Lund <carl@lund.dk>' --no-welcome");
  kundehub("welcome send 1001");
  const auto page = kundehub.json("customer convert 1001 --to private");
  CHECK(page["name"] == "Carl Lund");
  CHECK(page["email"] == "carl@lund.dk");
  CHECK(page["cvr"].is_null());
  CHECK(page["contacts"][0]["id"] == "contact:1");
  CHECK(page["contacts"][0]["access"] == true);
  CHECK(kundehub.said("the business's cvr \"13585628\" is dropped"));
  CHECK(kundehub.said("the business's email \"bill@lund.dk\" is dropped"));
}

TEST_CASE("a business with none or several contacts is no person") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("customer convert 1001 --to private") == 4);
  CHECK(kundehub.hint() == "delete the others with kundehub contact delete");
  kundehub("customer add --business A");
  CHECK(kundehub("customer convert 1002 --to private") == 4);
  CHECK(kundehub.hint().starts_with("kundehub contact add 1002"));
  CHECK(kundehub("customer convert 1001 --to business") == 4);
  CHECK(kundehub("customer convert 1001 --to firm") == 65);
  CHECK(kundehub("customer convert 1001") == 2);
}

TEST_CASE("a switched-off contact stays out when the business becomes the person") {
  Shell kundehub;
  kundehub(
      "customer add --business 'Lund ApS' --hub --module projects --contact 'Carl Lund <carl@lund.dk>' "
      "--no-welcome");
  kundehub("contact edit contact:1 --no-hub");
  CHECK(kundehub.json("customer convert 1001 --to private")["hub"] == "off");
}
