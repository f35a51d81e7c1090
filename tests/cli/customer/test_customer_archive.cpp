#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;

TEST_CASE("R13: archiving ends all access, takes queued mails back and keeps the history") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub("welcome send contact:2 --queue");
  const auto archived = kundehub.json("customer archive 1001");
  CHECK_FALSE(archived[0]["archived_at"].is_null());
  CHECK(kundehub.said("1 login link that had gone out no longer works"));
  CHECK(kundehub.said("1 welcome mail that waited is cancelled"));
  CHECK(kundehub("hub explain contact:1") == 10);
  CHECK(kundehub.out.find("archived") != std::string::npos);
  CHECK(kundehub.json("customer list").empty());
  CHECK(kundehub.json("customer list --archived").size() == 1);
  CHECK(kundehub.json("customer show 1001")["operations"].size() == 4);
}

TEST_CASE("what comes back from the archive has its switches, and no link") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub("customer archive 1001");
  CHECK(kundehub("customer unarchive 1001") == 0);
  CHECK(kundehub.json("customer show 1001")["hub"] == "on");
  CHECK(kundehub.json("contact show contact:1")["access"] == false);
  CHECK(kundehub.json("contact show contact:1")["hub"] == "on");
  CHECK(kundehub("customer archive 1001") == 0);
  CHECK(kundehub("customer archive 1001") == 0);
  CHECK(kundehub.said("nothing had to be changed"));
}

TEST_CASE("somebody who has used a link gets in again after the archive") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub.use_link(1);
  kundehub("customer archive 1001");
  CHECK(kundehub("hub explain contact:1") == 10);
  kundehub("customer unarchive 1001");
  CHECK(kundehub("hub explain contact:1") == 0);
}

TEST_CASE("several customers are one operation, and who is refused is told") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  CHECK(kundehub("customer archive 1001 9999 1002 1001 --format ids") == 5);
  CHECK(kundehub.out == "1001\n1002\n");
  CHECK(kundehub.said("warning: no customer \"9999\""));
  CHECK(kundehub.records.value("SELECT count(*) FROM operation") == "3");
  CHECK(kundehub("customer archive 9998 9999") == 3);
  CHECK(kundehub("customer archive") == 2);
}

TEST_CASE("customers come from a list, one a line or with NUL between") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  kundehub.pipe("1001\n\n  1002  \r\n");
  CHECK(kundehub("customer archive --ids-from - --format ids") == 0);
  CHECK(kundehub.out == "1001\n1002\n");
  kundehub.pipe(std::string("1001\0id:2\0", 10));
  CHECK(kundehub("customer unarchive --ids-from - -0 --format ids") == 0);
  CHECK(kundehub.out == std::string("1001\0001002\0", 10));
  kundehub.pipe("");
  CHECK(kundehub("customer archive --ids-from -") == 0);
  CHECK(kundehub.said("the list names no customer"));
  CHECK(kundehub("customer archive --ids-from /nonexistent") == 66);
}

TEST_CASE("customers that filters select are counted, and need a yes") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  CHECK(kundehub("customer archive --kind private") == 6);
  CHECK(kundehub.message() == "confirmation needed: Archive 1 customer?");
  kundehub.at_terminal("n\n");
  CHECK(kundehub("customer archive --kind private") == 6);
  kundehub.in_script();
  CHECK(kundehub("customer archive --kind private --yes --format ids") == 0);
  CHECK(kundehub.out == "1002\n");
  CHECK(kundehub("customer archive --tag nobody --yes") == 0);
  CHECK(kundehub.said("the filters select no customer"));
  CHECK(kundehub("customer archive 1001 --tag x") == 2);
}
