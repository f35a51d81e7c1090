#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

TEST_CASE("hub revoke takes all access, single contacts or single modules") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("hub revoke 1001 --module projects --contact bo@nordlys.dk") == 0);
  CHECK(kundehub.json("customer show 1001")["hub"] == "on");
  CHECK(kundehub.json("customer show 1001")["modules"].empty());
  CHECK(kundehub.json("contact show contact:1")["hub"] == "on");
  CHECK(kundehub.json("contact show contact:2")["hub"] == "off");
  const ordered_json list = kundehub.json("hub revoke 1001");
  CHECK(list[0]["reason"] == "customer_hub_off");
  CHECK(kundehub.json("customer show 1001")["hub"] == "off");
  CHECK(kundehub.json("contact show contact:1")["hub"] == "on");
}

TEST_CASE("hub revoke of several customers does what it can") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  CHECK(kundehub("hub revoke 9999 1001 1002") == 5);
  CHECK(kundehub.said("warning: no customer \"9999\""));
  CHECK(kundehub.json("customer show 1001")["hub"] == "off");
  CHECK(kundehub.json("customer show 1002")["hub"] == "off");
  CHECK(kundehub("hub revoke 9998 9999") == 3);
  CHECK(kundehub("hub revoke 1001 1002 --contact contact:1") == 2);
  CHECK(kundehub.hint() == "revoke one customer at a time");
  CHECK(kundehub("hub revoke 1001 --module nonsense") == 3);
  CHECK(kundehub("hub revoke 1001 --contact contact:3") == 3);
}

TEST_CASE("with --json a partial success ends stderr with JSON too") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("hub revoke 9999 1001 --json") == 5);
  const auto error = ordered_json::parse(kundehub.last_line()).at("error");
  CHECK(error["kind"] == "partial");
  CHECK(error["exit"] == 5);
  CHECK(ordered_json::parse(kundehub.out).size() == 2);
}
