#pragma once

#include <chrono>
#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kundehub {

/// A moment in UTC with the resolution that is stored: one second.
using Time = std::chrono::sys_seconds;
using Seconds = std::chrono::seconds;

/// Tells the present moment. Tests hand over their own.
using Clock = std::function<Time()>;

/// `2026-11-23T10:07:19Z` (RFC 3339, section 5.6, always UTC).
std::string to_rfc3339(Time time);

/// Reads `90s`, `30m`, `12h`, `3d`, `2w`: digits and one unit. Throws Error{bad_data} that names the form.
Seconds parse_duration(std::string_view text);

/// The inverse of parse_duration with the largest unit that divides: `3d`, `90s`.
std::string format_duration(Seconds duration);

/// Reads `2026-11-01` (midnight in the process's time zone), RFC 3339, `yesterday`, or a duration that means so long
/// before `now`. Throws Error{bad_data} that names the forms.
Time parse_date(std::string_view text, Time now);

/// Makes `zone` (an IANA name such as `Europe/Copenhagen`; empty: the system's) the one that parse_date and
/// format_local use. Throws Error{config} if the system does not know it. Not safe beside running threads.
void use_time_zone(const std::string& zone);

/// The calendar and the clock in the zone of use_time_zone, which is read on first use. Absent for a moment that no
/// calendar has.
std::optional<std::tm> to_local(Time time);

/// `2026-11-23 11:07` in the zone of use_time_zone.
std::string format_local(Time time);

/// Since midnight in the zone of use_time_zone.
std::chrono::minutes local_time_of_day(Time time);

}  // namespace kundehub
