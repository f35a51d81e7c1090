#include "core/model/change.hpp"

#include <array>

namespace kundehub {

std::string_view to_string(ChangeKind kind) {
  constexpr std::array names{"created", "changed", "deleted"};
  return names.at(static_cast<std::size_t>(kind));
}

}  // namespace kundehub
