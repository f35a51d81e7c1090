#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;

TEST_CASE("config get prints one value, as a script wants it") {
  Shell kundehub;
  CHECK(kundehub("config get hub.url") == 0);
  CHECK(kundehub.out == "https://hub.example.dk\n");
  CHECK(kundehub("config get mail.connections") == 0);
  CHECK(kundehub.out == "4\n");
  CHECK(kundehub("config get welcome.retry") == 0);
  CHECK(kundehub.out == "5m,15m,30m,1h,2h,4h\n");
  CHECK(kundehub("config get mail.reply_to") == 0);
  CHECK(kundehub.out == "\n");
  CHECK(kundehub.json("config get hub.company") == "Eksempel ApS");
}

TEST_CASE("config get of an unknown key answers with the nearest known one") {
  Shell kundehub;
  CHECK(kundehub("config get hub.ulr") == 3);
  CHECK(kundehub.hint() == "did you mean hub.url");
  CHECK(kundehub("config get company") == 3);
  CHECK(kundehub.hint() == "did you mean hub.company");
  CHECK(kundehub("config get") == 2);
}
