#include "core/model/rate.hpp"

#include <doctest/doctest.h>

#include "core/model/error.hpp"

using namespace kundehub;

TEST_CASE("a rate is so many mails a second, minute or hour") {
  CHECK(parse_rate("10/s").gap() == std::chrono::milliseconds(100));
  CHECK(parse_rate("300/m").gap() == std::chrono::milliseconds(200));
  CHECK(parse_rate("1000/h").gap() == std::chrono::milliseconds(3600));
  CHECK(parse_rate("").gap().count() == 0);
  for (const char* text : {"10/s", "300/m", "1000/h", ""}) CHECK(format_rate(parse_rate(text)) == text);
}

TEST_CASE("what is no rate is refused with the form") {
  for (const char* text : {"10", "/s", "0/s", "-1/s", "1.5/s", "10/d", "10/s ", "1000001/s", "99999999999/s", "s/10"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_rate(text), Error);
  }
}
