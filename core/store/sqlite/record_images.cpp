#include "core/store/sqlite/record_images.hpp"

#include <array>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace kundehub::sqlite {
namespace {

/// What the records of an entity are called, which customer they belong to, their image, and where they are.
struct ImageSql {
  const char *name, *customer, *image, *from;
};

constexpr ImageSql customer_sql{"customer", "customer.id", R"sql(
  json_object(
    'number', number, 'kind', kind, 'name', name, 'cvr', cvr, 'email', email, 'email_key', email_key, 'phone', phone,
    'address', address, 'zip', zip, 'city', city, 'country', country, 'language', language, 'website', website,
    'notes', notes, 'hub', hub, 'hub_changed_at', hub_changed_at, 'created_at', created_at, 'updated_at', updated_at,
    'archived_at', archived_at,
    'tags', (SELECT json_group_array(tag) FROM customer_tag WHERE customer_id = customer.id),
    'modules', (SELECT json_group_array(module_id) FROM customer_module WHERE customer_id = customer.id),
    'merged', (SELECT json_group_array(json_object('id', merged_customer.id, 'number', merged_customer.number))
               FROM merged_customer WHERE into_id = customer.id))
)sql",
                                "customer"};

constexpr ImageSql contact_sql{"contact", "contact.customer_id", R"sql(
  json_object(
    'customer_id', customer_id, 'first_name', first_name, 'last_name', last_name, 'email', email,
    'email_key', email_key, 'email_changed_at', email_changed_at, 'phone', phone, 'title', title,
    'language', language, 'hub', hub, 'hub_changed_at', hub_changed_at, 'is_primary', is_primary,
    'created_at', created_at, 'updated_at', updated_at, 'is_limited', is_limited,
    'modules', (SELECT json_group_array(module_id) FROM contact_module WHERE contact_id = contact.id))
)sql",
                               "contact"};

constexpr ImageSql module_sql{"module", "NULL", R"sql(
  json_object(
    'key', key, 'title_da', title_da, 'title_en', title_en,
    'customers', (SELECT json_group_array(customer_id) FROM customer_module WHERE module_id = module.id),
    'contacts', (SELECT json_group_array(contact_id) FROM contact_module WHERE module_id = module.id))
)sql",
                              "module"};

// For the record only: a mail that was cancelled or sent is not brought back.
constexpr ImageSql welcome_sql{"welcome", "contact.customer_id", R"sql(
  json_object('contact_id', contact_id, 'address', address, 'state', state, 'due_at', due_at, 'tries', tries)
)sql",
                               "welcome LEFT JOIN contact ON contact.id = contact_id"};

const ImageSql& sql_of(Entity entity) {
  constexpr std::array<const ImageSql*, 4> all{&customer_sql, &contact_sql, &module_sql, &welcome_sql};
  return *all.at(static_cast<std::size_t>(entity));
}

constexpr const char* was_created_here = R"sql(
  SELECT 1 FROM operation_created
  WHERE operation_id = :operation AND entity = :entity AND :id BETWEEN first_id AND last_id
)sql";

constexpr const char* keep_sql = R"sql(
  INSERT OR IGNORE INTO operation_before (operation_id, entity, entity_id, customer_id, was)
  SELECT :operation, '{0}', {0}.id, {1}, {2} FROM {3} WHERE {0}.id IN ({4})
)sql";

constexpr const char* keep_history_sql = R"sql(
  UPDATE operation_before SET was = json_insert(was,
    '$.links', (SELECT json_group_array(json_object('generation', generation, 'email_key', email_key,
        'address', address, 'nonce', hex(nonce), 'token_hash', hex(token_hash), 'created_at', created_at,
        'used_at', used_at, 'ended_at', ended_at, 'ended_by', ended_by))
      FROM login_link WHERE contact_id = entity_id),
    '$.logins', (SELECT json_group_array(json_object('id', id, 'at', at, 'method', method, 'ip', ip))
      FROM login WHERE contact_id = entity_id),
    '$.welcomes', (SELECT json_group_array(id) FROM welcome WHERE contact_id = entity_id))
  WHERE operation_id = :operation AND entity = 'contact' AND entity_id IN ({})
)sql";

constexpr const char* select_next_image = R"sql(
  SELECT was, operation_id FROM operation_before
  WHERE entity = :entity AND entity_id = :id AND operation_id > :operation ORDER BY operation_id LIMIT 1
)sql";

// What became first of each module between two operations: whether the record had it when that began.
constexpr const char* select_module_events = R"sql(
  SELECT entity_id, was <> 'null' AND EXISTS (
      SELECT 1 FROM json_each(was, iif(:entity = 'customer', '$.customers', '$.contacts')) WHERE value = :id),
    min(operation_id)
  FROM operation_before WHERE entity = 'module' AND operation_id > :operation AND operation_id <= :next
  GROUP BY entity_id
)sql";

/// A module that is deleted, or brought back, leaves its customers and contacts without an image of their own.
std::string with_modules_before(Connection& database, OperationId operation, std::int64_t next, Entity entity,
                                std::int64_t id, std::string image) {
  if (entity != Entity::customer && entity != Entity::contact) return image;
  Statement events(database, select_module_events);
  events.bind(":entity", to_text(entity));
  events.bind(":id", id);
  events.bind(":operation", operation.value);
  events.bind(":next", next);
  if (!events.executeStep()) return image;
  auto record = nlohmann::json::parse(image);
  if (!record.contains("modules")) return image;  // erased, or of an older schema
  auto modules = record["modules"].get<std::set<std::int64_t>>();
  do {
    const std::int64_t module = events.getColumn(0).getInt64();
    if (events.getColumn(1).getInt() != 0)
      modules.insert(module);
    else
      modules.erase(module);
  } while (events.executeStep());
  record["modules"] = modules;
  return record.dump();
}

std::string keep_sql_of(Entity entity, const char* ids) {
  const ImageSql& sql = sql_of(entity);
  return fmt::format(keep_sql, sql.name, sql.customer, sql.image, sql.from, ids);
}

}  // namespace

const char* to_text(Entity entity) {
  return sql_of(entity).name;
}

void keep_before(Connection& database, OperationId operation, Entity entity, std::int64_t id) {
  Statement made_here(database, was_created_here);
  made_here.bind(":operation", operation.value);
  made_here.bind(":entity", to_text(entity));
  made_here.bind(":id", id);
  if (made_here.executeStep()) return;

  Statement statement(database, keep_sql_of(entity, ":id"));
  statement.bind(":operation", operation.value);
  statement.bind(":id", id);
  statement.exec();
}

void keep_all_before(Connection& database, OperationId operation, Entity entity, const char* ids) {
  Statement statement(database, keep_sql_of(entity, ids));
  statement.bind(":operation", operation.value);
  statement.exec();
}

void keep_history(Connection& database, OperationId operation, ContactId contact) {
  Statement statement(database, fmt::format(keep_history_sql, ":id"));
  statement.bind(":operation", operation.value);
  statement.bind(":id", contact.value);
  statement.exec();
}

void keep_all_history(Connection& database, OperationId operation, const char* contacts) {
  Statement statement(database, fmt::format(keep_history_sql, contacts));
  statement.bind(":operation", operation.value);
  statement.exec();
}

std::optional<std::string> image_after(Connection& database, OperationId operation, Entity entity, std::int64_t id) {
  Statement later(database, select_next_image);
  later.bind(":operation", operation.value);
  later.bind(":entity", to_text(entity));
  later.bind(":id", id);
  constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  const bool has_next = later.executeStep();
  const std::int64_t next = has_next ? later.getColumn(1).getInt64() : never;
  const auto image = has_next ? std::optional(later.getColumn(0).getString()) : image_now(database, entity, id);
  if (!image || *image == no_image) return std::nullopt;
  return with_modules_before(database, operation, next, entity, id, *image);
}

std::optional<std::string> image_now(Connection& database, Entity entity, std::int64_t id) {
  const ImageSql& sql = sql_of(entity);
  Statement present(database, fmt::format("SELECT {} FROM {} WHERE {}.id = :id", sql.image, sql.from, sql.name));
  present.bind(":id", id);
  if (!present.executeStep()) return std::nullopt;
  return present.getColumn(0).getString();
}

}  // namespace kundehub::sqlite
