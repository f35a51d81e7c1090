#include <string>

#include <doctest/doctest.h>

#include "tests/support/queue_shell.hpp"

using namespace kundehub::test;
using Queue = QueueShell;
using nlohmann::ordered_json;

TEST_CASE("welcome cancel takes the mails of its targets out of the queue") {
  Queue kundehub;
  const ordered_json list = kundehub.json("welcome cancel contact:1 1002");
  REQUIRE(list.size() == 2);
  CHECK(list[0]["state"] == "cancelled");
  CHECK(kundehub.states() == "cancelled queued cancelled");
  CHECK(kundehub("welcome cancel contact:1") == 0);
  CHECK(kundehub.said("no mail was in the queue"));
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.mails().size() == 1);
}

TEST_CASE("welcome cancel --all-queued asks how many") {
  Queue kundehub;
  CHECK(kundehub("welcome cancel --all-queued") == 6);
  kundehub.at_terminal("n\n");
  CHECK(kundehub("welcome cancel --all-queued") == 6);
  CHECK(kundehub.said("Take 3 mails out of the queue? [y/N]"));
  CHECK(kundehub.states() == "queued queued queued");
  kundehub.at_terminal("y\n");
  CHECK(kundehub("welcome cancel --all-queued") == 0);
  CHECK(kundehub.states() == "cancelled cancelled cancelled");
  kundehub.in_script();
  CHECK(kundehub("welcome cancel --all-queued") == 0);
}

TEST_CASE("a mail behind its dot cannot be called back, and that is told") {
  Queue kundehub;
  kundehub.records.sql(
      "UPDATE welcome SET state = 'sending', phase = 2, due_at = NULL, link_expires_at = 1 WHERE id = 1");
  CHECK(kundehub("welcome cancel contact:1") == 4);
  CHECK(kundehub.said("is just being sent: it cannot be called back"));
  CHECK(kundehub("welcome cancel 1001") == 5);
  CHECK(kundehub.states() == "sending cancelled queued");
}

TEST_CASE("welcome cancel wants targets or --all-queued, and not both") {
  Queue kundehub;
  CHECK(kundehub("welcome cancel") == 2);
  CHECK(kundehub("welcome cancel 1001 --all-queued") == 2);
  CHECK(kundehub("welcome cancel 9999") == 3);
}
