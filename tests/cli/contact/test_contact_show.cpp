#include <doctest/doctest.h>

#include "tests/support/golden.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;

TEST_CASE("contact show tells everything about one contact, or several") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  CHECK(kundehub("contact show anna@nordlys.dk") == 0);
  check_golden("contact_show", kundehub.out);
  CHECK(kundehub.json("contact show contact:1").is_object());
  CHECK(kundehub.json("contact show contact:1 contact:2").size() == 2);
  CHECK(kundehub("contact show contact:1 contact:1 --format ids") == 0);
  CHECK(kundehub.out == "contact:1\n");
}

TEST_CASE("contact show of nobody says how to name a contact") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("contact show contact:9") == 3);
  CHECK(kundehub.message() == "no contact \"contact:9\"");
  CHECK(kundehub.hint() == "kundehub contact list");
  CHECK(kundehub("contact show eva@nordlys.dk") == 3);
  CHECK(kundehub("contact show 1001") == 65);
  CHECK(kundehub.hint().starts_with("name a contact by e-mail address or as contact:N"));
  CHECK(kundehub("contact show anna@nordlys.dk --customer 7") == 3);
  CHECK(kundehub("contact show") == 2);
}
