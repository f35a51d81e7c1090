#pragma once

#include <optional>
#include <vector>

#include "core/model/ids.hpp"
#include "core/model/operation.hpp"
#include "core/store/sqlite/connection.hpp"

/// The record of operations and what each one changed. Functions run inside the caller's transaction.
namespace kundehub::sqlite {

enum class Entity { customer, contact, module, welcome };

OperationId insert_operation(Connection& database, const OperationContext& context);

/// True if this very operation stands in the database.
bool has_operation(Connection& database, OperationId id, const OperationContext& context);

/// Records that `operation` created a row; rows in sequence are kept as one range.
void record_created(Connection& database, OperationId operation, Entity entity, std::int64_t id, CustomerId customer);

/// As record_created for many rows of several customers at once, whose ids lie between the two.
void record_range_created(Connection& database, OperationId operation, Entity entity, std::int64_t first,
                          std::int64_t last);

/// Keeps the row as it is now, for undo. Does nothing the second time in one operation, and for a row the operation
/// made itself.
void keep_before(Connection& database, OperationId operation, Entity entity, std::int64_t id);

/// Newest first.
std::vector<OperationEntry> operations_of(Connection& database, CustomerId customer, int limit);

}  // namespace kundehub::sqlite
