#include "cli/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace kundehub::cli {

std::optional<Screen> screen_of(int file) {
  if (isatty(file) != 1) return std::nullopt;
  winsize size{};
  if (ioctl(file, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return Screen{};
  return Screen{.columns = size.ws_col, .rows = size.ws_row};
}

}  // namespace kundehub::cli
