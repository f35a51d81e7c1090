#include <doctest/doctest.h>

#include "tests/support/golden.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

struct Situation : Shell {
  Situation() {
    add_nordlys();
    add_lund();
    (*this)("customer add --private 'Eva Eg'");
    (*this)("contact edit contact:2 --no-hub");
    (*this)("welcome send contact:1");
  }
};

}  // namespace

TEST_CASE("hub status tells who may log in, and if not, why not") {
  Situation kundehub;
  CHECK(kundehub("hub status") == 0);
  check_golden("hub_status", kundehub.out);
  const ordered_json list = kundehub.json("hub status");
  REQUIRE(list.size() == 4);
  CHECK(list[0]["access"] == true);
  CHECK(list[0]["reason"].is_null());
  CHECK(list[1]["reason"] == "contact_hub_off");
  CHECK(list[1]["remedy"] == "kundehub hub grant 1001 --contact contact:2");
  CHECK(list[2]["reason"] == "no_way_in");
  CHECK(list[3]["reason"] == "customer_hub_off");
  CHECK(list[3]["email"].is_null());
}

TEST_CASE("hub status of certain customers, with filters, as ids") {
  Situation kundehub;
  CHECK(kundehub("hub status 1002 1003 --format ids") == 0);
  CHECK(kundehub.out == "contact:3\ncontact:4\n");
  CHECK(kundehub("hub status --hub on --kind private --format ids") == 0);
  CHECK(kundehub.out == "contact:3\n");
  CHECK(kundehub("hub status --welcome sent --format ids") == 0);
  CHECK(kundehub.out == "contact:1\n");
  CHECK(kundehub("hub status 9999") == 3);
}
