#include "core/model/time.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <fstream>

#include <fmt/core.h>

#include "core/model/error.hpp"
#include "core/model/time_zone.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::year_month_day;

/// A zone is a file of the system's, which few commands need. One for the process, as TZ is.
std::atomic<bool> zone_is_read = false;

struct Unit {
  char letter;
  Seconds length;
};

constexpr std::array<Unit, 5> units{
    {{'w', days(7)}, {'d', days(1)}, {'h', hours(1)}, {'m', minutes(1)}, {'s', std::chrono::seconds(1)}}};

/// Longer than any setting makes sense, and far from every limit of the arithmetic done with it.
constexpr Seconds longest_duration = days(36500);

/// What four digits of a year can express, and so what can be stored and read back.
constexpr Time first_time = sys_days(std::chrono::year(0) / 1 / 1);
constexpr Time last_time = sys_days(std::chrono::year(9999) / 12 / 31) + days(1) - std::chrono::seconds(1);

/// Reads a fixed form from left to right; once something does not fit, everything after it fails too.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : m_rest(text) {}

  /// Exactly `count` digits, no sign, no blanks. 0 on failure.
  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = next();
      if (c < '0' || c > '9') m_ok = false;
      value = value * 10 + (c - '0');
    }
    return m_ok ? value : 0;
  }

  /// One character out of `allowed`, or NUL on failure.
  char one_of(std::string_view allowed) {
    const char c = next();
    if (c == '\0' || allowed.find(c) == std::string_view::npos) m_ok = false;
    return m_ok ? c : '\0';
  }

  /// The fraction of a second, which is dropped: a point and at least one digit, or nothing.
  void skip_fraction() {
    if (m_rest.empty() || m_rest.front() != '.') return;
    m_rest.remove_prefix(1);
    const std::size_t end = std::min(m_rest.find_first_not_of("0123456789"), m_rest.size());
    if (end == 0) m_ok = false;
    m_rest.remove_prefix(end);
  }

  /// True if all has been read and all of it fitted.
  [[nodiscard]] bool done() const { return m_ok && m_rest.empty(); }

 private:
  char next() {
    if (m_rest.empty()) {
      m_ok = false;
      return '\0';
    }
    const char c = m_rest.front();
    m_rest.remove_prefix(1);
    return c;
  }

  std::string_view m_rest;
  bool m_ok = true;
};

year_month_day scan_date(Scanner& scanner) {
  const int year = scanner.digits(4);
  scanner.one_of("-");
  const int month = scanner.digits(2);
  scanner.one_of("-");
  const int day = scanner.digits(2);
  return std::chrono::year(year) / month / day;
}

std::optional<year_month_day> read_date(std::string_view text) {
  Scanner scanner(text);
  const year_month_day date = scan_date(scanner);
  if (!scanner.done() || !date.ok()) return std::nullopt;
  return date;
}

/// RFC 3339, section 5.6; a second 60 only where a leap second can be, at the end of a month in UTC.
std::optional<Time> read_rfc3339(std::string_view text) {
  Scanner scanner(text);
  const year_month_day date = scan_date(scanner);
  scanner.one_of("Tt ");
  const int hour = scanner.digits(2);
  scanner.one_of(":");
  const int minute = scanner.digits(2);
  scanner.one_of(":");
  const int second = scanner.digits(2);
  scanner.skip_fraction();
  const char zone = scanner.one_of("Zz+-");
  int offset = 0;
  if (zone == '+' || zone == '-') {
    const int offset_hour = scanner.digits(2);
    scanner.one_of(":");
    const int offset_minute = scanner.digits(2);
    if (offset_hour > 23 || offset_minute > 59) return std::nullopt;
    offset = (zone == '-' ? -1 : 1) * (offset_hour * 60 + offset_minute);
  }
  if (!scanner.done() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;

  const Time time = sys_days(date) + hours(hour) + minutes(minute) + Seconds(second) - minutes(offset);
  const auto day = std::chrono::floor<days>(time);
  if (second == 60 && (time != day || year_month_day(day).day() != std::chrono::day(1))) return std::nullopt;
  if (time < first_time || time > last_time) return std::nullopt;
  return time;
}

std::optional<Seconds> read_duration(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const auto* const unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.letter == text.back(); });
  if (unit == units.end()) return std::nullopt;
  const Seconds::rep most = longest_duration / unit->length;
  Seconds::rep count = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    count = count * 10 + (c - '0');
    if (count > most) return std::nullopt;
  }
  return count * unit->length;
}

year_month_day local_date(Time time) {
  const auto local = to_local(time);
  if (!local) return std::chrono::floor<days>(time);
  return std::chrono::year(local->tm_year + 1900) / (local->tm_mon + 1) / local->tm_mday;
}

/// The first moment of `date` in the process's zone. Looked for, since mktime answers as it likes where midnight is
/// skipped or comes twice.
Time start_of_day(year_month_day date) {
  Time before = sys_days(date) - days(2);
  Time after = sys_days(date) + days(2);
  while (after - before > Seconds(1)) {
    const Time middle = before + (after - before) / 2;
    (local_date(middle) < date ? before : after) = middle;
  }
  return after;
}

}  // namespace

std::string to_rfc3339(Time time) {
  const auto day = std::chrono::floor<days>(time);
  const year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

Seconds parse_duration(std::string_view text) {
  if (const auto duration = read_duration(text)) return *duration;
  throw Error(ErrorKind::bad_data, tr("{} is not a duration: digits and one of s, m, h, d, w, such as \"90s\" or "
                                      "\"3d\", at most \"{}\"",
                                      text::quoted(text), format_duration(longest_duration)));
}

std::string format_duration(Seconds duration) {
  const auto* const unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) {
    return duration % u.length == Seconds::zero() && (duration != Seconds::zero() || u.letter == 's');
  });
  return fmt::format("{}{}", duration / unit->length, unit->letter);
}

Time parse_date(std::string_view text, Time now) {
  if (text == "yesterday") return start_of_day(year_month_day(sys_days(local_date(now)) - days(1)));
  if (const auto date = read_date(text)) return start_of_day(*date);
  if (const auto time = read_rfc3339(text)) return *time;
  if (const auto ago = read_duration(text)) return now - *ago;
  throw Error(ErrorKind::bad_data,
              tr("{} is not a date: wanted is one such as \"2026-11-01\", \"2026-11-01T08:30:00+01:00\", "
                 "\"yesterday\" or \"3d\" (so long ago)",
                 text::quoted(text)));
}

bool is_known_time_zone(std::string_view zone) {
  if (zone.empty() || zone.front() == '/' || zone.find("..") != std::string_view::npos) return false;
  if (zone.find('\0') != std::string_view::npos) return false;
  // The folder also holds lists and leap seconds; glibc takes what it cannot read for UTC without a word.
  std::ifstream file("/usr/share/zoneinfo/" + std::string(zone), std::ios::binary);
  std::array<char, 4> magic{};
  file.read(magic.data(), magic.size());
  return file && std::string_view(magic.data(), magic.size()) == "TZif";
}

void use_time_zone(const std::string& zone) {
  // What the process was started with is the system's choice and has to come back after another zone was in use.
  static const std::optional<std::string> inherited = [] {
    const char* const value = std::getenv("TZ");
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }();
  if (!zone.empty() && !is_known_time_zone(zone)) {
    throw Error(ErrorKind::config, tr("the system knows no time zone {}", text::quoted(zone)),
                tr("the names stand in /usr/share/zoneinfo, such as Europe/Copenhagen"));
  }
  if (!zone.empty()) {
    setenv("TZ", zone.c_str(), 1);
  } else if (inherited) {
    setenv("TZ", inherited->c_str(), 1);
  } else {
    unsetenv("TZ");
  }
  zone_is_read = false;
}

std::optional<std::tm> to_local(Time time) {
  if (!zone_is_read) {
    tzset();
    zone_is_read = true;
  }
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return std::nullopt;
  return local;
}

std::string format_local(Time time) {
  const auto local = to_local(time);
  if (!local) return to_rfc3339(time);
  return tr("{:04}-{:02}-{:02} {:02}:{:02}", local->tm_year + 1900, local->tm_mon + 1, local->tm_mday, local->tm_hour,
            local->tm_min);
}

std::chrono::minutes local_time_of_day(Time time) {
  const auto local = to_local(time);
  if (!local) return std::chrono::floor<minutes>(time - std::chrono::floor<days>(time));
  return hours(local->tm_hour) + minutes(local->tm_min);
}

}  // namespace kundehub
