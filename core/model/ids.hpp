#pragma once

#include <compare>
#include <cstdint>

namespace kundehub {

/// A record's identity, never used again after a deletion. The tag keeps a contact's id from being passed where a
/// customer's is meant.
template <class Tag>
struct Id {
  std::int64_t value = 0;
  friend auto operator<=>(const Id&, const Id&) = default;
};

using CustomerId = Id<struct CustomerTag>;
using ContactId = Id<struct ContactTag>;
using ModuleId = Id<struct ModuleTag>;
using WelcomeId = Id<struct WelcomeTag>;
using OperationId = Id<struct OperationTag>;

}  // namespace kundehub
