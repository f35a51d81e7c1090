#pragma once

#include <string>

namespace kundehub {

/// Something in the store that the program's rules do not allow, or that is unsound.
struct RuleBreach {
  std::string rule;    ///< `R1` to `R15`, or what was looked at: `integrity`, `queue`
  std::string record;  ///< as commands take it: `1001`, `contact:3`; may be empty
  std::string text;
  std::string remedy;  ///< a command, or what to do
};

}  // namespace kundehub
