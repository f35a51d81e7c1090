#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/model/ids.hpp"
#include "core/store/sqlite/connection.hpp"

/// Records as operations keep them: a JSON object with all that a record's row has, and what belongs to it alone.
/// Functions run inside the caller's transaction.
namespace kundehub::sqlite {

enum class Entity { customer, contact, module, welcome };

/// As the tables call it.
const char* to_text(Entity entity);

/// Keeps the record as it is now, for `log` and `undo`. Does nothing the second time in one operation, and for a record
/// that the operation made itself.
void keep_before(Connection& database, OperationId operation, Entity entity, std::int64_t id);

/// As keep_before, of all records that the query `ids` selects. None of them is one that the operation made itself.
void keep_all_before(Connection& database, OperationId operation, Entity entity, const char* ids);

/// Adds to what keep_before kept of a contact what goes with it when it is deleted: its links, logins and the mails
/// that are a record of it. None of it is kept of one whose every change would copy it.
void keep_history(Connection& database, OperationId operation, ContactId contact);

/// As keep_history, of all contacts that the query selects.
void keep_all_history(Connection& database, OperationId operation, const char* contacts);

/// What is kept of a record that was not there before an undo brought it back.
constexpr const char* no_image = "null";

/// The record as it was after the operation, whatever became of it later. Absent if it was gone then.
std::optional<std::string> image_after(Connection& database, OperationId operation, Entity entity, std::int64_t id);

/// Absent if there is no such record.
std::optional<std::string> image_now(Connection& database, Entity entity, std::int64_t id);

}  // namespace kundehub::sqlite
