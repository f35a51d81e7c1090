#include "core/store/sqlite/operation_rows.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "core/store/sqlite/values.hpp"

namespace kundehub::sqlite {
namespace {

constexpr const char* insert_operation_sql = R"sql(
  INSERT INTO operation (at, actor, host, command) VALUES (:at, :actor, :host, :command)
)sql";

constexpr const char* extend_created = R"sql(
  UPDATE operation_created SET last_id = :id
  WHERE operation_id = :operation AND entity = :entity AND customer_id = :customer AND last_id = :id - 1
)sql";

constexpr const char* insert_created = R"sql(
  INSERT INTO operation_created (operation_id, entity, first_id, last_id, customer_id)
  VALUES (:operation, :entity, :id, :id, :customer)
)sql";

constexpr const char* insert_range = R"sql(
  INSERT INTO operation_created (operation_id, entity, first_id, last_id) VALUES (:operation, :entity, :first, :last)
)sql";

// Newest first, from behind the one that was read last.
constexpr const char* select_operations = R"sql(
  SELECT id, at, actor, host, command, undoes FROM operation
  WHERE id < :before AND at >= :since AND (:actor IS NULL OR actor = :actor) AND {}
  ORDER BY id DESC LIMIT :limit
)sql";

// With those that were merged into it. A customer that came with a bulk insert is found by the range its id lies in.
constexpr const char* touches_customer = R"sql(
  id IN (
    WITH RECURSIVE told (id) AS (
      SELECT :customer UNION SELECT merged_customer.id FROM merged_customer JOIN told ON into_id = told.id)
    SELECT operation_id FROM operation_before WHERE customer_id IN told
    UNION ALL SELECT operation_id FROM operation_created WHERE customer_id IN told
    UNION ALL SELECT operation_id FROM open_link WHERE customer_id IN told
    UNION ALL SELECT (SELECT iif(last_id >= told.id, operation_id, NULL) FROM operation_created
                  WHERE entity = 'customer' AND first_id <= told.id ORDER BY first_id DESC LIMIT 1) FROM told)
)sql";

constexpr const char* select_operation = "SELECT id, at, actor, host, command, undoes FROM operation WHERE id = :id";

OperationEntry read_operation(Statement& statement) {
  OperationEntry entry{OperationId{statement.getColumn(0).getInt64()},
                       {.actor = statement.getColumn(2).getString(),
                        .host = statement.getColumn(3).getString(),
                        .command = statement.getColumn(4).getString(),
                        .at = read_time(statement.getColumn(1))}};
  if (!statement.getColumn(5).isNull()) entry.undoes = OperationId{statement.getColumn(5).getInt64()};
  return entry;
}

std::vector<OperationEntry> find_operations(Connection& database, const OperationFilter& filter, std::int64_t before,
                                            std::int64_t limit) {
  Statement statement(database, fmt::format(select_operations, filter.customer ? touches_customer : "TRUE"));
  statement.bind(":before", before);
  statement.bind(":since", filter.since ? filter.since->time_since_epoch().count() : 0);
  bind_text(statement, ":actor", filter.actor.value_or(""));
  if (filter.customer) statement.bind(":customer", filter.customer->value);
  statement.bind(":limit", limit);
  std::vector<OperationEntry> found;
  while (statement.executeStep()) found.push_back(read_operation(statement));
  return found;
}

}  // namespace

OperationId insert_operation(Connection& database, const OperationContext& context) {
  Statement statement(database, insert_operation_sql);
  bind_time(statement, ":at", context.at);
  statement.bind(":actor", context.actor);
  statement.bind(":host", context.host);
  statement.bind(":command", context.command);
  statement.exec();
  return OperationId{database.getLastInsertRowid()};
}

bool has_operation(Connection& database, OperationId id, const OperationContext& context) {
  Statement statement(database, "SELECT 1 FROM operation WHERE id = :id AND at = :at AND command = :command");
  statement.bind(":id", id.value);
  bind_time(statement, ":at", context.at);
  statement.bind(":command", context.command);
  return statement.executeStep();
}

void record_created(Connection& database, OperationId operation, Entity entity, std::int64_t id, CustomerId customer) {
  for (const char* sql : {extend_created, insert_created}) {
    Statement statement(database, sql);
    statement.bind(":operation", operation.value);
    statement.bind(":entity", to_text(entity));
    statement.bind(":id", id);
    statement.bind(":customer", customer.value);
    if (statement.exec() > 0) return;
  }
}

void record_range_created(Connection& database, OperationId operation, Entity entity, std::int64_t first,
                          std::int64_t last) {
  Statement statement(database, insert_range);
  statement.bind(":operation", operation.value);
  statement.bind(":entity", to_text(entity));
  statement.bind(":first", first);
  statement.bind(":last", last);
  statement.exec();
}

std::optional<OperationEntry> select_operation_entry(Connection& database, OperationId id) {
  Statement statement(database, select_operation);
  statement.bind(":id", id.value);
  if (!statement.executeStep()) return std::nullopt;
  return read_operation(statement);
}

void each_operation(Connection& database, const OperationFilter& filter, std::optional<std::int64_t> limit,
                    const std::function<void(const OperationEntry&)>& visit) {
  constexpr std::int64_t batch_size = 500;  // visited with no statement open, so that no writer waits for a reader
  std::int64_t left = limit.value_or(std::numeric_limits<std::int64_t>::max());
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  for (bool is_full = true; is_full && left > 0;) {
    const std::int64_t wanted = std::min(left, batch_size);
    const auto found = find_operations(database, filter, before, wanted);
    for (const OperationEntry& entry : found) visit(entry);
    left -= std::ssize(found);
    is_full = std::ssize(found) == wanted;
    if (!found.empty()) before = found.back().id.value;
  }
}

}  // namespace kundehub::sqlite
