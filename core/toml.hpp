#pragma once

#include <string>

#include "core/text/terminal.hpp"

// The library asserts that what follows a bracket is a key, and then says itself what is wrong if it is none: a build
// without NDEBUG must not abort at an admin's slip.
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>  // slow to compile: only where TOML is read

namespace kundehub {

/// What the library says is wrong, as messages are written.
inline std::string describe(const toml::parse_error& error) {
  std::string why = text::for_terminal(error.description());
  if (!why.empty() && why.front() >= 'A' && why.front() <= 'Z')
    why.front() = static_cast<char>(why.front() + ('a' - 'A'));
  return why;
}

}  // namespace kundehub
