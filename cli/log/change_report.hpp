#pragma once

#include "cli/output.hpp"
#include "cli/session.hpp"
#include "core/store/store.hpp"

namespace kundehub::cli {

/// Prints an operation and what it changed, field by field: what was in red, what is in green.
void print_difference(Session& session, Store& store, const OperationEntry& entry);

/// The same as an array of records.
Record changes_record(Store& store, OperationId id);

}  // namespace kundehub::cli
