#include <string>

#include <doctest/doctest.h>

#include "tests/support/golden.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

TEST_CASE("customer show is a page with data, HUB, contacts and the latest operations") {
  Shell kundehub;
  kundehub(
      "customer add --business 'Rødgrød ApS' --cvr 13585628 --email regning@example.dk --phone 12345678 --address "
      "'Søndergade 1' --zip 8000 --city Aarhus --website https://example.dk --tag vip --notes 'en\nto' --hub --module "
      "projects --contact 'Anna Berg <anna@example.dk>' --contact 'Bo Ek <bo@example.dk>'");
  kundehub.records.now += kundehub::Seconds(90);
  kundehub("contact edit contact:2 --title Bogholder --no-hub");
  kundehub("welcome send contact:1");
  CHECK(kundehub("customer show 1001") == 0);
  check_golden("customer_show", kundehub.out);
  CHECK(kundehub("customer show 1001 --fields number,name,cvr") == 0);
  CHECK(kundehub.out == "number  1001\nname    Rødgrød ApS\ncvr     13585628\n");
}

TEST_CASE("customer show of a bare customer says what is missing") {
  Shell kundehub;
  kundehub("customer add --business Tom");
  kundehub("customer add --private 'Carl Lund'");
  CHECK(kundehub("customer show 1001 1002") == 0);
  check_golden("customer_show_bare", kundehub.out);
}

TEST_CASE("customer show takes every way to name a customer") {
  Shell kundehub;
  kundehub("customer add --business A --cvr 13585628 --email a@x.dk");
  for (const char* name : {"1001", "id:1", "cvr:13585628", "email:a@x.dk", "A@X.dk"}) {
    CAPTURE(name);
    CHECK(kundehub(std::string("customer show --format ids ") + name) == 0);
    CHECK(kundehub.out == "1001\n");
  }
  CHECK(kundehub("customer show 01001") == 3);
  CHECK(kundehub("customer show id:9") == 3);
  CHECK(kundehub("customer show id:x") == 65);
  CHECK(kundehub("customer show contact:1") == 65);
  CHECK(kundehub("customer show 1001 9 --format ids") == 5);
  CHECK(kundehub.out == "1001\n");
  CHECK(kundehub.said("warning: no customer \"9\""));
}

TEST_CASE("customer show of several is an array, however many are found") {
  Shell kundehub;
  kundehub("customer add --business A");
  CHECK(kundehub.json("customer show 1001").is_object());
  CHECK(kundehub.json("customer show 1001 9999").is_array());
  kundehub.pipe("1001\n");
  CHECK(kundehub.json("customer show --ids-from -").is_array());
}

TEST_CASE("a name that fits several customers tells which") {
  Shell kundehub;
  for (int i = 0; i < 12; ++i) kundehub("customer add --business 'Nr " + std::to_string(i) + "' --email a@x.dk");
  CHECK(kundehub("customer show email:a@x.dk") == 4);
  CHECK(kundehub.message().starts_with("\"email:a@x.dk\" names several customers: 1001 (Nr 0), 1002 (Nr 1), "));
  CHECK(kundehub.message().ends_with("1010 (Nr 9) and 2 more"));
  CHECK(kundehub.hint() == "name the customer by number");
}

TEST_CASE("customer show in JSON is an object for one and an array for several, with nothing left out") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  const ordered_json one = kundehub.json("customer show 1001");
  REQUIRE(one.is_object());
  CHECK(one["contacts"].size() == 2);
  CHECK(one["contacts"][0]["access"] == false);
  CHECK(one["operations"][0]["actor"] == "admin");
  CHECK(one["operations"][0]["id"] == "op:1");
  CHECK(one["cvr"].is_null());
  const ordered_json several = kundehub.json("customer show 1001 1002");
  REQUIRE(several.is_array());
  CHECK(several[1]["name"] == "Carl Lund");
}

TEST_CASE("what is in a customer cannot harm the terminal") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.records.sql(
      "UPDATE customer SET name = 'A' || char(27) || ']52;c;aGk=' || char(7), notes = char(155) || 'x'");
  CHECK(kundehub("customer show 1001") == 0);
  CHECK(kundehub.out.find('\x1b') == std::string::npos);
  CHECK(kundehub.out.find("A\\u{1B}]52;c;aGk=\\u{7}") != std::string::npos);
  CHECK(kundehub("customer list") == 0);
  CHECK(kundehub.out.find('\x1b') == std::string::npos);
}

TEST_CASE("a customer that is named twice is shown once") {
  Shell kundehub;
  kundehub("customer add --private 'Anna Berg'");
  CHECK(kundehub("customer show 1001 id:1 --format ids") == 0);
  CHECK(kundehub.out == "1001\n");
}
