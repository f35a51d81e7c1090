#pragma once

#include <string>

#include "core/model/time.hpp"

namespace kundehub::cli {

/// `2 days ago`, `in 5 minutes`, `now`, in the user's language and rounded down; from 60 days on the date in the zone
/// of use_time_zone.
std::string format_relative(Time time, Time now);

}  // namespace kundehub::cli
