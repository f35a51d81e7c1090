#include "core/text/display_width.hpp"

#include <doctest/doctest.h>

using kundehub::text::display_width;
using kundehub::text::shortened;

TEST_CASE("a text takes as many columns as a terminal gives it") {
  CHECK(display_width("") == 0);
  CHECK(display_width("Rødgrød") == 7);
  CHECK(display_width("A\u030A") == 1);
  CHECK(display_width("日本") == 4);
  CHECK(display_width("e\u200D") == 1);
  CHECK(display_width("\xFF\xFF") == 2);
}

TEST_CASE("a text is shortened between its letters") {
  CHECK(shortened("Rødgrød", 7) == "Rødgrød");
  CHECK(shortened("Rødgrød", 4) == "Rød…");
  CHECK(shortened("日本語", 4) == "日…");
  CHECK(shortened("日本語", 5) == "日本…");
  CHECK(shortened("A\u030AA\u030AA\u030A", 2) == "A\u030A…");
  CHECK(shortened("abc", 1) == "…");
}
