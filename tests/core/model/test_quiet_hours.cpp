#include "core/model/quiet_hours.hpp"

#include <doctest/doctest.h>

#include "core/model/error.hpp"

using namespace kundehub;

namespace {

Time at(int hour, int minute) {
  return std::chrono::sys_days(std::chrono::year(2026) / 7 / 1) + std::chrono::hours(hour) +
         std::chrono::minutes(minute);
}

}  // namespace

TEST_CASE("quiet hours last from their first minute up to their end, over midnight too") {
  use_time_zone("UTC");
  const QuietHours night = parse_quiet_hours("20:00-07:00");
  CHECK_FALSE(night.contains(at(19, 59)));
  CHECK(night.contains(at(20, 0)));
  CHECK(night.contains(at(0, 0)));
  CHECK(night.contains(at(6, 59)));
  CHECK_FALSE(night.contains(at(7, 0)));
  const QuietHours noon = parse_quiet_hours("12:00-13:00");
  CHECK(noon.contains(at(12, 30)));
  CHECK_FALSE(noon.contains(at(13, 0)));
  CHECK_FALSE(parse_quiet_hours("").contains(at(0, 0)));
  use_time_zone("");
}

TEST_CASE("quiet hours are those of the configured zone") {
  use_time_zone("Europe/Copenhagen");
  CHECK(parse_quiet_hours("20:00-07:00").contains(at(18, 0)));  // 20:00 in summer
  CHECK_FALSE(parse_quiet_hours("20:00-07:00").contains(at(5, 0)));
  use_time_zone("");
}

TEST_CASE("what is no time of the day is refused") {
  for (const char* text :
       {"20:00", "20-07", "24:00-07:00", "20:60-07:00", "20:00-20:00", "20:00 - 07:00", "8:00-9:00"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_quiet_hours(text), Error);
  }
  CHECK(format_quiet_hours(parse_quiet_hours("20:00-07:05")) == "20:00-07:05");
  CHECK(format_quiet_hours({}) == "");
}
