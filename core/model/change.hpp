#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/ids.hpp"
#include "core/model/time.hpp"

namespace kundehub {

/// What an operation did to a record.
enum class ChangeKind { created, changed, deleted };
std::string_view to_string(ChangeKind kind);

/// A field as an admin knows it, before an operation and after it; empty: absent.
struct FieldChange {
  std::string field, before, after;
};

/// A record that an operation touched, with the fields that are others since.
struct RecordChange {
  ChangeKind kind = ChangeKind::changed;
  std::string record;  ///< `customer`, `contact`, `module` or `welcome`
  std::string id;      ///< as commands take it: `1001`, `contact:3`, `projects`; of a mail its contact's
  std::string name;    ///< whom or what it is; may be empty
  std::vector<FieldChange> fields;
};

/// Which operations a list shows. Every condition that is set has to hold.
struct OperationFilter {
  std::optional<CustomerId> customer{};  ///< that touched it, its contacts, or what was merged into it
  std::optional<std::string> actor{};
  std::optional<Time> since{};
};

}  // namespace kundehub
