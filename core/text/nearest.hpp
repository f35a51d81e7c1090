#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kundehub::text {

/// The known name that `word` most likely means, without regard to case: the shortest name that begins with `word`;
/// else the one of the least Damerau-Levenshtein distance, at most a third of the longer word's length (at least 1).
/// Absent if nothing is near.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace kundehub::text
