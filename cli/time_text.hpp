#pragma once

#include <string>

#include "core/model/time.hpp"

namespace kundehub::cli {

/// `2 days ago`, `in 5 minutes`, `now`, in the user's language and rounded down; from 60 days on the date in the zone
/// of use_time_zone.
std::string format_relative(Time time, Time now);

/// `2026-11-24 12:00 (2 days ago)`, without what would say the same twice.
std::string format_both(Time time, Time now);

}  // namespace kundehub::cli
