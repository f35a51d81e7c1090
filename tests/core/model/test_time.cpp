#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "core/model/time.hpp"
#include "core/model/time_zone.hpp"

using namespace kundehub;
using namespace std::chrono_literals;

namespace {

constexpr Time now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 10h + 7min + 19s;

/// Before any test has chosen a zone.
const std::string shown_at_start = format_local(now);

/// Back to the system's zone when the test is over.
struct InZone {
  explicit InZone(const std::string& zone) { use_time_zone(zone); }
  InZone(const InZone&) = delete;
  InZone& operator=(const InZone&) = delete;
  ~InZone() { use_time_zone(""); }
};

std::string date(std::string_view text) {
  return to_rfc3339(parse_date(text, now));
}

std::string refusal(std::string_view text) {
  try {
    return date(text);
  } catch (const Error& error) {
    REQUIRE(error.kind() == ErrorKind::bad_data);
    return error.what();
  }
}

bool is_refused(std::string_view text) {
  return refusal(text).find("is not a date: wanted is") != std::string::npos;
}

}  // namespace

TEST_CASE("to_rfc3339 writes UTC to the second") {
  CHECK(to_rfc3339(now) == "2026-11-23T10:07:19Z");
  CHECK(to_rfc3339(Time{}) == "1970-01-01T00:00:00Z");
  CHECK(to_rfc3339(Time{} - 1s) == "1969-12-31T23:59:59Z");
  CHECK(to_rfc3339(std::chrono::sys_days(std::chrono::year(0) / 1 / 1)) == "0000-01-01T00:00:00Z");
}

TEST_CASE("durations are digits and one unit") {
  CHECK(parse_duration("90s") == 90s);
  CHECK(parse_duration("30m") == 30min);
  CHECK(parse_duration("12h") == 12h);
  CHECK(parse_duration("3d") == std::chrono::days(3));
  CHECK(parse_duration("2w") == std::chrono::weeks(2));
  CHECK(parse_duration("0s") == 0s);
  CHECK(parse_duration("0003d") == std::chrono::days(3));
  for (const char* bad : {"", "3", "d", "3 d", " 3d", "3d ", "+3d", "-3d", "3.5d", "3D", "1d2h", "0x3d", "3days", "٣d",
                          "36501d", "99999999999999999999s", "18446744073709551619d"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_duration(bad), Error);
  }
  CHECK_THROWS_WITH(parse_duration("3 days"),
                    doctest::Contains("\"3 days\" is not a duration: digits and one of s, m, h, d, w"));
}

TEST_CASE("format_duration takes the largest unit that divides") {
  CHECK(format_duration(90s) == "90s");
  CHECK(format_duration(60s) == "1m");
  CHECK(format_duration(72h) == "3d");
  CHECK(format_duration(std::chrono::days(7)) == "1w");
  CHECK(format_duration(25h) == "25h");
  CHECK(format_duration(0s) == "0s");
  for (const char* text : {"1s", "61s", "61m", "3601s", "36500d"}) CHECK(format_duration(parse_duration(text)) == text);
}

TEST_CASE("parse_date reads RFC 3339 with any offset") {
  CHECK(date("2026-11-23T10:07:19Z") == "2026-11-23T10:07:19Z");
  CHECK(date("2026-11-23t10:07:19z") == "2026-11-23T10:07:19Z");
  CHECK(date("2026-11-23 10:07:19.987Z") == "2026-11-23T10:07:19Z");
  CHECK(date("2026-01-01T00:30:00+01:00") == "2025-12-31T23:30:00Z");
  CHECK(date("2026-12-31T23:30:00-05:45") == "2027-01-01T05:15:00Z");
  CHECK(date("2024-02-29T12:00:00-00:00") == "2024-02-29T12:00:00Z");
  CHECK(date("2016-12-31T23:59:60Z") == "2017-01-01T00:00:00Z");
  CHECK(date("2017-01-01T00:59:60+01:00") == "2017-01-01T00:00:00Z");
}

TEST_CASE("parse_date refuses what is nearly a date") {
  for (const char* bad : {"",
                          "2026-02-30",
                          "2026-02-29",
                          "2026-13-01",
                          "2026-00-10",
                          "2026-04-31",
                          "2026-1-1",
                          "26-01-01",
                          "2026-11-01 ",
                          " 2026-11-01",
                          "2026-11-01T",
                          "2026/11/01",
                          "20261101",
                          "+026-11-01",
                          "2026- 1-01",
                          "2026-11-01T10:07:19",
                          "2026-11-01T10:07Z",
                          "2026-11-01T24:00:00Z",
                          "2026-11-01T10:60:00Z",
                          "2026-11-01T10:07:61Z",
                          "2026-11-01T10:07:60Z",
                          "2026-11-15T23:59:60Z",
                          "2026-11-01T10:07:19.Z",
                          "2026-11-01T10:07:19,5Z",
                          "2026-11-01T10:07:19+0100",
                          "2026-11-01T10:07:19+24:00",
                          "2026-11-01T10:07:19+01:60",
                          "2026-11-01T10:07:19+1:00",
                          "2026-11-01T10:07:19Zx",
                          "0000-01-01T00:00:00+00:01",
                          "9999-12-31T23:59:59-00:01",
                          "Yesterday",
                          "tomorrow",
                          "99999999999999w"}) {
    CAPTURE(bad);
    CHECK(is_refused(bad));
  }
  CHECK(is_refused(std::string_view("2026-11-01\0", 11)));
  CHECK(refusal("2026-02-30") ==
        "\"2026-02-30\" is not a date: wanted is one such as \"2026-11-01\", \"2026-11-01T08:30:00+01:00\", "
        "\"yesterday\" or \"3d\" (so long ago)");
}

TEST_CASE("a day begins at midnight in the process's zone, summer time included") {
  const InZone zone("Europe/Copenhagen");
  CHECK(date("2026-11-01") == "2026-10-31T23:00:00Z");
  CHECK(date("2026-07-01") == "2026-06-30T22:00:00Z");
  CHECK(date("2026-03-29") == "2026-03-28T23:00:00Z");  // the day the clocks go forward
  CHECK(date("2026-03-30") == "2026-03-29T22:00:00Z");
  CHECK(date("2026-10-25") == "2026-10-24T22:00:00Z");  // and back
  CHECK(date("2026-10-26") == "2026-10-25T23:00:00Z");
  CHECK(date("1969-12-31") == "1969-12-30T23:00:00Z");
}

TEST_CASE("a day whose midnight is skipped or comes twice begins with its first moment") {
  {
    const InZone zone("America/Sao_Paulo");  // 2018-11-04 00:00 became 01:00
    CHECK(date("2018-11-04") == "2018-11-04T03:00:00Z");
  }
  {
    const InZone zone("America/Havana");  // 2026-11-01 01:00 becomes 00:00
    CHECK(date("2026-11-01") == "2026-11-01T04:00:00Z");
  }
  {
    const InZone zone("Pacific/Apia");  // there was no 2011-12-30
    CHECK(date("2011-12-30") == "2011-12-30T10:00:00Z");
    CHECK(date("2011-12-31") == "2011-12-30T10:00:00Z");
  }
}

TEST_CASE("yesterday is the local day before, a duration is so long before now") {
  CHECK(date("3d") == "2026-11-20T10:07:19Z");
  CHECK(date("90s") == "2026-11-23T10:05:49Z");
  const InZone zone("Europe/Copenhagen");
  CHECK(date("yesterday") == "2026-11-21T23:00:00Z");
  const Time after_local_midnight = parse_date("2026-11-23T23:30:00Z", now);
  CHECK(to_rfc3339(parse_date("yesterday", after_local_midnight)) == "2026-11-22T23:00:00Z");
}

TEST_CASE("format_local follows the zone") {
  {
    const InZone zone("Europe/Copenhagen");
    CHECK(format_local(now) == "2026-11-23 11:07");
    CHECK(format_local(parse_date("2026-07-01T12:00:00Z", now)) == "2026-07-01 14:00");
  }
  const InZone zone("Asia/Kathmandu");
  CHECK(format_local(now) == "2026-11-23 15:52");
}

TEST_CASE("an unknown zone is refused and leaves the present one in place") {
  const InZone zone("Europe/Copenhagen");
  for (const char* bad :
       {"Europe/Kopenhagen", "Europe", "../zoneinfo/UTC", "/usr/share/zoneinfo/UTC", "/UTC", "zone.tab", "CET-1"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_known_time_zone(bad));
    CHECK_THROWS_WITH_AS(use_time_zone(bad), doctest::Contains("the system knows no time zone"), Error);
  }
  CHECK(format_local(now) == "2026-11-23 11:07");
}

TEST_CASE("the empty zone is the one the process was started with") {
  use_time_zone("Asia/Kathmandu");
  use_time_zone("");
  CHECK(format_local(now) == shown_at_start);
}
