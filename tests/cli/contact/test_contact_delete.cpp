#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;

namespace {

std::string contacts(Shell& kundehub) {
  return kundehub.records.value("SELECT coalesce(group_concat(id), '') FROM contact");
}

}  // namespace

TEST_CASE("contact delete asks at a terminal, and the answer counts") {
  for (const auto& [answer, code] : {std::pair{"y\n", 0}, {"n\n", 6}, {"\n", 6}, {"", 6}, {"nej\n", 6}}) {
    CAPTURE(answer);
    Shell kundehub;
    kundehub.add_nordlys();
    kundehub.at_terminal(answer);
    CHECK(kundehub("contact delete contact:1") == code);
    CHECK(kundehub.said("Delete contact:1 (Anna Berg <anna@nordlys.dk>) of customer 1001? [y/N]"));
    CHECK(contacts(kundehub) == (code == 0 ? "2" : "1,2"));
    CHECK(kundehub.said("declined: nothing was changed") == (code == 6));
  }
}

TEST_CASE("contact delete without a terminal needs --yes, and says so") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("contact delete contact:1") == 6);
  CHECK(kundehub.message().starts_with("confirmation needed: Delete contact:1"));
  CHECK(kundehub.hint().find("--yes") != std::string::npos);
  kundehub.at_terminal("y\n");
  CHECK(kundehub("contact delete contact:1 --no-input") == 6);
  CHECK(contacts(kundehub) == "1,2");
  CHECK(kundehub("contact delete contact:1 -y") == 0);
  CHECK_FALSE(kundehub.said("[y/N]"));
  CHECK(contacts(kundehub) == "2");
}

TEST_CASE("contact delete prints what it has deleted, each once, and goes on after one that is refused") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("contact delete contact:9 --yes") == 3);
  CHECK(kundehub("contact delete contact:8 contact:9 --yes") == 3);
  CHECK(contacts(kundehub) == "1,2");
  kundehub("contact add 1001 'Eva Eg <eva@nordlys.dk>' --no-welcome");
  CHECK(kundehub("contact delete contact:3 contact:9 --yes") == 5);
  CHECK(kundehub.said("warning: no contact \"contact:9\""));
  CHECK(contacts(kundehub) == "1,2");
  CHECK(kundehub("contact delete contact:2 bo@nordlys.dk contact:2 --yes --format ids") == 0);
  CHECK(kundehub.out == "contact:2\n");
  CHECK(contacts(kundehub) == "1");
  CHECK(kundehub("contact delete") == 2);
}

TEST_CASE("contact delete asks once for several") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.at_terminal("y\n");
  CHECK(kundehub("contact delete contact:1 contact:2") == 0);
  CHECK(kundehub.said("Delete 2 contacts? [y/N]"));
  CHECK(contacts(kundehub) == "");
}

TEST_CASE("a deleted contact's id is not given again") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("contact delete contact:2 --yes");
  CHECK(kundehub.json("contact add 1001 'Eva Eg <eva@x.dk>'")["id"] == "contact:3");
}

TEST_CASE("contact delete says what it did and who is the primary contact now") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send 1001");
  const auto deleted = kundehub.json("contact delete contact:1 --yes");
  CHECK(deleted[0]["access"] == false);
  CHECK(kundehub.said("deleted contact:1 (Anna Berg <anna@nordlys.dk>)\n"));
  CHECK(kundehub.said("contact:2 (Bo Ek <bo@nordlys.dk>) is the primary contact of customer 1001 now\n"));
}
