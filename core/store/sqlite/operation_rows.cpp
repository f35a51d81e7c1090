#include "core/store/sqlite/operation_rows.hpp"

#include <array>
#include <string>

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

constexpr const char* was_created_here = R"sql(
  SELECT 1 FROM operation_created
  WHERE operation_id = :operation AND entity = :entity AND :id BETWEEN first_id AND last_id
)sql";

constexpr const char* keep_customer = R"sql(
  INSERT OR IGNORE INTO operation_before (operation_id, entity, entity_id, customer_id, was)
  SELECT :operation, 'customer', id, id, json_object(
    'number', number, 'kind', kind, 'name', name, 'cvr', cvr, 'email', email, 'email_key', email_key, 'phone', phone,
    'address', address, 'zip', zip, 'city', city, 'country', country, 'language', language, 'website', website,
    'notes', notes, 'hub', hub, 'hub_changed_at', hub_changed_at, 'created_at', created_at, 'updated_at', updated_at,
    'archived_at', archived_at,
    'tags', (SELECT json_group_array(tag) FROM customer_tag WHERE customer_id = customer.id),
    'modules', (SELECT json_group_array(module_id) FROM customer_module WHERE customer_id = customer.id))
  FROM customer WHERE id = :id
)sql";

constexpr const char* keep_contact = R"sql(
  INSERT OR IGNORE INTO operation_before (operation_id, entity, entity_id, customer_id, was)
  SELECT :operation, 'contact', id, customer_id, json_object(
    'customer_id', customer_id, 'first_name', first_name, 'last_name', last_name, 'email', email,
    'email_key', email_key, 'email_changed_at', email_changed_at, 'phone', phone, 'title', title,
    'language', language, 'hub', hub, 'hub_changed_at', hub_changed_at, 'is_primary', is_primary,
    'created_at', created_at, 'updated_at', updated_at, 'is_limited', is_limited,
    'modules', (SELECT json_group_array(module_id) FROM contact_module WHERE contact_id = contact.id))
  FROM contact WHERE id = :id
)sql";

constexpr const char* keep_module = R"sql(
  INSERT OR IGNORE INTO operation_before (operation_id, entity, entity_id, was)
  SELECT :operation, 'module', id, json_object('key', key, 'title_da', title_da, 'title_en', title_en,
    'customers', (SELECT json_group_array(customer_id) FROM customer_module WHERE module_id = module.id),
    'contacts', (SELECT json_group_array(contact_id) FROM contact_module WHERE module_id = module.id))
  FROM module WHERE id = :id
)sql";

// For the record only: a mail that was cancelled or sent is not brought back.
constexpr const char* keep_welcome = R"sql(
  INSERT OR IGNORE INTO operation_before (operation_id, entity, entity_id, customer_id, was)
  SELECT :operation, 'welcome', welcome.id, contact.customer_id, json_object(
    'contact_id', contact_id, 'address', address, 'state', state, 'due_at', due_at, 'tries', tries)
  FROM welcome JOIN contact ON contact.id = contact_id WHERE welcome.id = :id
)sql";

// With those that were merged into it. A customer that came with a bulk insert is found by the range its id lies in.
constexpr const char* select_operations_of = R"sql(
  WITH RECURSIVE told (id) AS (
    SELECT :customer UNION SELECT merged_customer.id FROM merged_customer JOIN told ON into_id = told.id)
  SELECT id, at, actor, host, command FROM operation WHERE id IN (
    SELECT operation_id FROM operation_before WHERE customer_id IN told
    UNION SELECT operation_id FROM operation_created WHERE customer_id IN told
    UNION SELECT (SELECT iif(last_id >= told.id, operation_id, NULL) FROM operation_created
                  WHERE entity = 'customer' AND first_id <= told.id ORDER BY first_id DESC LIMIT 1) FROM told)
  ORDER BY id DESC LIMIT :limit
)sql";

const char* to_text(Entity entity) {
  constexpr std::array names{"customer", "contact", "module", "welcome"};
  return names.at(static_cast<std::size_t>(entity));
}

const char* keep_sql(Entity entity) {
  constexpr std::array statements{keep_customer, keep_contact, keep_module, keep_welcome};
  return statements.at(static_cast<std::size_t>(entity));
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

void keep_before(Connection& database, OperationId operation, Entity entity, std::int64_t id) {
  Statement made_here(database, was_created_here);
  made_here.bind(":operation", operation.value);
  made_here.bind(":entity", to_text(entity));
  made_here.bind(":id", id);
  if (made_here.executeStep()) return;

  Statement statement(database, keep_sql(entity));
  statement.bind(":operation", operation.value);
  statement.bind(":id", id);
  statement.exec();
}

std::vector<OperationEntry> operations_of(Connection& database, CustomerId customer, int limit) {
  Statement statement(database, select_operations_of);
  statement.bind(":customer", customer.value);
  statement.bind(":limit", limit);
  std::vector<OperationEntry> entries;
  while (statement.executeStep()) {
    entries.push_back({OperationId{statement.getColumn(0).getInt64()},
                       {.actor = statement.getColumn(2).getString(),
                        .host = statement.getColumn(3).getString(),
                        .command = statement.getColumn(4).getString(),
                        .at = read_time(statement.getColumn(1))}});
  }
  return entries;
}

}  // namespace kundehub::sqlite
