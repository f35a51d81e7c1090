#include "core/model/quiet_hours.hpp"

#include <optional>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

std::optional<int> two_digits(std::string_view text) {
  if (text.size() != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return std::nullopt;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

/// Absent if it is no `HH:MM`.
std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hours = two_digits(text.substr(0, 2)), minutes = two_digits(text.substr(3));
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
}

}  // namespace

bool QuietHours::contains(Time time) const {
  const auto now = local_time_of_day(time);
  if (from <= until) return from <= now && now < until;
  return now >= from || now < until;
}

QuietHours parse_quiet_hours(std::string_view text) {
  if (text.empty()) return {};
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto from = parse_time_of_day(text.substr(0, dash));
  const auto until = dash < text.size() ? parse_time_of_day(text.substr(dash + 1)) : std::nullopt;
  if (from && until && *from != *until) return {*from, *until};
  throw Error(ErrorKind::bad_data, tr("{} is no time of the day", text::quoted(text)), tr("write it as 20:00-07:00"));
}

std::string format_quiet_hours(const QuietHours& hours) {
  if (hours.from == hours.until) return {};
  return fmt::format("{}-{}", format_time_of_day(hours.from), format_time_of_day(hours.until));
}

std::string format_time_of_day(std::chrono::minutes time) {
  return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
}

}  // namespace kundehub
