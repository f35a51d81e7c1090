#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;

namespace {

std::string rows(Shell& kundehub) {
  return kundehub.records.value(
      "SELECT (SELECT count(*) FROM customer) || ' ' || (SELECT count(*) FROM contact) || ' ' || "
      "(SELECT count(*) FROM login_link) || ' ' || (SELECT count(*) FROM welcome)");
}

}  // namespace

TEST_CASE("customer delete names what goes with it, and asks") {
  for (const auto& [answer, code] : {std::pair{"y\n", 0}, {"n\n", 6}, {"", 6}}) {
    CAPTURE(answer);
    Shell kundehub;
    kundehub.add_nordlys();
    kundehub("welcome send contact:1");
    kundehub.at_terminal(answer);
    CHECK(kundehub("customer delete 1001") == code);
    CHECK(kundehub.said("Delete customer 1001 (Nordlys ApS) with 2 contacts, 1 login link? [y/N]"));
    CHECK(rows(kundehub) == (code == 0 ? "0 0 0 1" : "1 2 1 1"));
  }
}

TEST_CASE("customer delete without a terminal needs --yes") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("customer delete 1001") == 6);
  CHECK(kundehub("customer delete 1001 --yes --dry-run") == 0);
  CHECK(rows(kundehub) == "1 2 0 0");
  CHECK(kundehub("customer delete 1001 9999 --yes --format ids") == 5);
  CHECK(kundehub.out == "1001\n");
  CHECK(rows(kundehub) == "0 0 0 0");
  CHECK(kundehub("customer delete 1001 --yes") == 3);
}

TEST_CASE("a deleted customer's number is not given again, and all it was is kept for undo") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer delete 1001 --yes");
  CHECK(kundehub.json("customer add --business A")["number"] == "1002");
  CHECK(kundehub.records.value("SELECT group_concat(entity) FROM operation_before") == "contact,contact,customer");
  CHECK(kundehub.records.value("SELECT was FROM operation_before WHERE entity = 'customer'").find("\"modules\":[3]") !=
        std::string::npos);
}

TEST_CASE("of what was named wrongly, or is several's, nothing is deleted, and it is not asked about") {
  Shell kundehub;
  kundehub("customer add --business A --email post@x.dk");
  kundehub("customer add --business B --email post@x.dk");
  kundehub("customer add --business C");
  kundehub.at_terminal("y\n");
  CHECK(kundehub("customer delete email:post@x.dk cvr:x 1003") == 5);
  CHECK(kundehub.said("Delete customer 1003 (C)?"));
  CHECK(kundehub.said("cvr"));
  CHECK(kundehub.records.value("SELECT group_concat(name) FROM customer") == "A,B");
}

TEST_CASE("of the archived ones filters delete only with --archived") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  kundehub("customer archive 1001");
  CHECK(kundehub("customer delete --kind business --yes") == 0);
  CHECK(kundehub.said("the filters select no customer"));
  CHECK(kundehub("customer delete --kind business --archived --yes --format ids") == 0);
  CHECK(kundehub.out == "1001\n");
}

TEST_CASE("a customer that is named twice is deleted once") {
  Shell kundehub;
  kundehub("customer add --private 'Anna Berg' --email anna@example.dk");
  CHECK(kundehub("customer delete 1001 id:1 email:anna@example.dk --yes --format ids") == 0);
  CHECK(kundehub.out == "1001\n");
  CHECK(kundehub.said("deleted 1 customer\n"));
}
