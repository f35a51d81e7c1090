#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kundehub::text {

/// How many columns of a terminal `text` takes: two for a wide character, none for a combining mark, a control or a
/// format character (Unicode 15, UAX #11, as utf8proc has it). An invalid byte counts as one.
std::size_t display_width(std::string_view text);

/// `text` if it fits into `columns`, or else its beginning with `…` as the last column. Combining marks stay with their
/// letter. `columns` is at least 1.
std::string shortened(std::string_view text, std::size_t columns);

}  // namespace kundehub::text
