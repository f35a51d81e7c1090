#include "core/model/error.hpp"

#include <array>

namespace kundehub {

std::string_view to_string(ErrorKind kind) {
  constexpr std::array<std::string_view, 13> names{"usage",    "not_found",    "conflict",  "unconfirmed", "bad_data",
                                                   "no_input", "all_rejected", "no_output", "temporary",   "permission",
                                                   "config",   "interrupted",  "internal"};
  return names.at(static_cast<std::size_t>(kind));
}

}  // namespace kundehub
