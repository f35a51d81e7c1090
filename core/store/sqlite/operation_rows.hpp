#pragma once

#include <functional>
#include <optional>

#include "core/model/change.hpp"
#include "core/model/ids.hpp"
#include "core/model/operation.hpp"
#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/record_images.hpp"

/// The record of operations and what each one changed. Functions run inside the caller's transaction.
namespace kundehub::sqlite {

OperationId insert_operation(Connection& database, const OperationContext& context);

/// True if this very operation stands in the database.
bool has_operation(Connection& database, OperationId id, const OperationContext& context);

/// Records that `operation` created a row; rows in sequence are kept as one range.
void record_created(Connection& database, OperationId operation, Entity entity, std::int64_t id, CustomerId customer);

/// As record_created for many rows of several customers at once, whose ids lie between the two.
void record_range_created(Connection& database, OperationId operation, Entity entity, std::int64_t first,
                          std::int64_t last);

/// Absent if there is none.
std::optional<OperationEntry> select_operation_entry(Connection& database, OperationId id);

/// Newest first, at most `limit`.
void each_operation(Connection& database, const OperationFilter& filter, std::optional<std::int64_t> limit,
                    const std::function<void(const OperationEntry&)>& visit);

}  // namespace kundehub::sqlite
