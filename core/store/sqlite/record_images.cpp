#include "core/store/sqlite/record_images.hpp"

#include <array>

#include <fmt/format.h>

namespace kundehub::sqlite {
namespace {

/// Where the records of an entity are, which customer they belong to, and their image.
struct ImageSql {
  const char *name, *customer, *image, *source;
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
                                "FROM customer WHERE customer.id = :id"};

constexpr ImageSql contact_sql{"contact", "contact.customer_id", R"sql(
  json_object(
    'customer_id', customer_id, 'first_name', first_name, 'last_name', last_name, 'email', email,
    'email_key', email_key, 'email_changed_at', email_changed_at, 'phone', phone, 'title', title,
    'language', language, 'hub', hub, 'hub_changed_at', hub_changed_at, 'is_primary', is_primary,
    'created_at', created_at, 'updated_at', updated_at, 'is_limited', is_limited,
    'modules', (SELECT json_group_array(module_id) FROM contact_module WHERE contact_id = contact.id))
)sql",
                               "FROM contact WHERE contact.id = :id"};

constexpr ImageSql module_sql{"module", "NULL", R"sql(
  json_object(
    'key', key, 'title_da', title_da, 'title_en', title_en,
    'customers', (SELECT json_group_array(customer_id) FROM customer_module WHERE module_id = module.id),
    'contacts', (SELECT json_group_array(contact_id) FROM contact_module WHERE module_id = module.id))
)sql",
                              "FROM module WHERE module.id = :id"};

// For the record only: a mail that was cancelled or sent is not brought back.
constexpr ImageSql welcome_sql{"welcome", "contact.customer_id", R"sql(
  json_object('contact_id', contact_id, 'address', address, 'state', state, 'due_at', due_at, 'tries', tries)
)sql",
                               "FROM welcome LEFT JOIN contact ON contact.id = contact_id WHERE welcome.id = :id"};

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
  SELECT :operation, '{0}', {0}.id, {1}, {2} {3}
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
  WHERE operation_id = :operation AND entity = 'contact' AND entity_id = :id
)sql";

constexpr const char* select_next_image = R"sql(
  SELECT was FROM operation_before WHERE entity = :entity AND entity_id = :id AND operation_id > :operation
  ORDER BY operation_id LIMIT 1
)sql";

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

  const ImageSql& sql = sql_of(entity);
  Statement statement(database, fmt::format(keep_sql, sql.name, sql.customer, sql.image, sql.source));
  statement.bind(":operation", operation.value);
  statement.bind(":id", id);
  statement.exec();
}

void keep_history(Connection& database, OperationId operation, ContactId contact) {
  Statement statement(database, keep_history_sql);
  statement.bind(":operation", operation.value);
  statement.bind(":id", contact.value);
  statement.exec();
}

std::optional<std::string> image_after(Connection& database, OperationId operation, Entity entity, std::int64_t id) {
  Statement later(database, select_next_image);
  later.bind(":operation", operation.value);
  later.bind(":entity", to_text(entity));
  later.bind(":id", id);
  if (later.executeStep()) return later.getColumn(0).getString();

  const ImageSql& sql = sql_of(entity);
  Statement present(database, fmt::format("SELECT {} {}", sql.image, sql.source));
  present.bind(":id", id);
  if (present.executeStep()) return present.getColumn(0).getString();
  return std::nullopt;
}

}  // namespace kundehub::sqlite
