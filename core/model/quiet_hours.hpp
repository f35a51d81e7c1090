#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/model/time.hpp"

namespace kundehub {

/// The time of the day in which no mail leaves, from `from` up to `until`, over midnight if `until` is earlier. The
/// same twice: never.
struct QuietHours {
  std::chrono::minutes from{0}, until{0};

  /// At this moment, in the zone of use_time_zone.
  [[nodiscard]] bool contains(Time time) const;
};

/// Reads `20:00-07:00`; empty text is never. Throws Error{bad_data} that names the form.
QuietHours parse_quiet_hours(std::string_view text);

/// The inverse of parse_quiet_hours.
std::string format_quiet_hours(const QuietHours& hours);

/// `07:00`.
std::string format_time_of_day(std::chrono::minutes time);

}  // namespace kundehub
