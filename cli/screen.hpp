#pragma once

#include <cstddef>
#include <optional>

namespace kundehub::cli {

/// The size of a terminal, in characters.
struct Screen {
  std::size_t columns = 80, rows = 24;
};

/// Of the terminal behind `file`; absent if it is none. One that does not know its size has the usual 80 by 24.
std::optional<Screen> screen_of(int file);

}  // namespace kundehub::cli
