#include <doctest/doctest.h>

#include "tests/support/golden.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

TEST_CASE("hub explain shows the whole chain, yes or no") {
  Shell kundehub;
  kundehub("customer add --business Nordlys --contact 'Anna Berg <anna@nordlys.dk>'");
  kundehub("contact edit contact:1 --no-hub");
  kundehub.records.now += kundehub::Seconds(120);
  CHECK(kundehub("hub explain anna@nordlys.dk --module projects") == 10);
  check_golden("hub_explain_no", kundehub.out);
  kundehub("hub grant 1001 --all-contacts --all-modules --welcome");
  CHECK(kundehub("hub explain anna@nordlys.dk --module projects") == 0);
  check_golden("hub_explain_yes", kundehub.out);
}

TEST_CASE("hub explain for programs") {
  Shell kundehub;
  kundehub.add_nordlys();
  const ordered_json chain = kundehub.json("hub explain contact:1");
  REQUIRE(chain.size() == 5);
  CHECK(chain[4]["condition"] == "way_in");
  CHECK(chain[4]["holds"] == false);
  CHECK(chain[4]["since"].is_null());
  CHECK(kundehub("hub explain contact:1 --format csv --fields condition,holds") == 10);
  CHECK(kundehub.out ==
        "condition,holds\nnot_archived,true\ncustomer_hub,true\ncontact_hub,true\nemail,true\nway_in,false\n");
  CHECK(kundehub("hub explain contact:9") == 3);
  CHECK(kundehub("hub explain") == 2);
  CHECK(kundehub("hub explain contact:1 contact:2") == 2);
}
