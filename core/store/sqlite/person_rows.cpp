#include "core/store/sqlite/person_rows.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "core/model/time.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

constexpr const char* create_tables[] = {
    "CREATE TEMP TABLE IF NOT EXISTS person_contact (id INTEGER PRIMARY KEY, since INTEGER, since_at INTEGER)",
    "CREATE TEMP TABLE IF NOT EXISTS person_customer (id INTEGER PRIMARY KEY, since INTEGER, since_at INTEGER)",
    "CREATE TEMP TABLE IF NOT EXISTS person_former (id INTEGER PRIMARY KEY, until_at INTEGER)",
    R"sql(CREATE TEMP TABLE IF NOT EXISTS person_image (
            operation_id INTEGER, entity TEXT, entity_id INTEGER, PRIMARY KEY (operation_id, entity, entity_id))
          WITHOUT ROWID)sql",
    "CREATE TEMP TABLE IF NOT EXISTS person_operation (id INTEGER PRIMARY KEY)",
    "DELETE FROM person_contact",
    "DELETE FROM person_customer",
    "DELETE FROM person_former",
    "DELETE FROM person_image",
    "DELETE FROM person_operation",
};

// The records that are the person's, and since which operation: {0} the table, {1} its name in images, {2} who of it
// may be a person, {3} the columns of the name. A record with another address by now is somebody else's. One that is
// the person's may have been somebody else's before: an image with another name is the last of that, unless it has the
// person's address, and no image has that name with another address.
constexpr const char* find_records = R"sql(
  WITH own (id, name) AS (
    SELECT id, json_array({3}) FROM {0} WHERE {2} AND email_key = :key
    UNION ALL SELECT entity_id, json_array({4}) FROM operation_before AS last
      WHERE entity = '{0}' AND {5} AND was ->> 'email_key' = :key AND entity_id NOT IN (SELECT id FROM {0})
        AND operation_id = (SELECT max(operation_id) FROM operation_before
                            WHERE entity = '{0}' AND entity_id = last.entity_id AND was <> 'null')),
  tenure (id, since) AS (
    SELECT own.id, (SELECT max(operation_id) FROM operation_before AS image
      WHERE entity = '{0}' AND entity_id = own.id AND was <> 'null' AND json_array({4}) <> own.name
        AND EXISTS (SELECT 1 FROM operation_before AS alike
                    WHERE alike.entity = '{0}' AND alike.entity_id = own.id AND alike.was <> 'null'
                      AND alike.was ->> 'email_key' IS NOT :key AND {6}))
    FROM own)
  INSERT INTO {1} (id, since, since_at)
  SELECT tenure.id, ifnull(since, 0), ifnull(at, 0) FROM tenure LEFT JOIN operation ON operation.id = since
)sql";

std::string find_contacts() {
  return fmt::format(find_records, "contact", "person_contact", "TRUE", "first_name, last_name",
                     "was ->> 'first_name', was ->> 'last_name'", "TRUE",
                     "alike.was ->> 'first_name' IS image.was ->> 'first_name' "
                     "AND alike.was ->> 'last_name' IS image.was ->> 'last_name'");
}

std::string find_private_customers() {
  return fmt::format(find_records, "customer", "person_customer", "kind = 'private'", "name", "was ->> 'name'",
                     "was ->> 'kind' = 'private'", "alike.was ->> 'name' IS image.was ->> 'name'");
}

// Contacts that are somebody else's by now, and until when they were the person's.
constexpr const char* find_former = R"sql(
  INSERT INTO person_former (id, until_at)
  SELECT entity_id, max(at) FROM operation_before JOIN operation ON operation.id = operation_id
  WHERE entity = 'contact' AND was ->> 'email_key' = :key AND entity_id NOT IN (SELECT id FROM person_contact)
  GROUP BY entity_id
)sql";

// Also those of contacts and customers that are somebody else's by now.
constexpr const char* find_images = R"sql(
  INSERT INTO person_image (operation_id, entity, entity_id)
  SELECT operation_id, entity, entity_id FROM operation_before AS image
  WHERE was <> 'null' AND CASE entity
    WHEN 'contact' THEN operation_id > (SELECT since FROM person_contact WHERE id = entity_id)
      OR (entity_id IN (SELECT id FROM person_former) AND EXISTS (
        SELECT 1 FROM operation_before AS alike WHERE alike.entity = 'contact' AND alike.entity_id = image.entity_id
          AND alike.was ->> 'email_key' = :key AND alike.was ->> 'first_name' IS image.was ->> 'first_name'
          AND alike.was ->> 'last_name' IS image.was ->> 'last_name'))
    WHEN 'customer' THEN operation_id > (SELECT since FROM person_customer WHERE id = entity_id)
      OR (was ->> 'kind' = 'private' AND was ->> 'email_key' = :key
          AND entity_id NOT IN (SELECT id FROM person_customer))
    WHEN 'welcome' THEN lower(was ->> 'address') = :key
      OR operation_id > (SELECT since FROM person_contact WHERE id = was ->> 'contact_id') END
)sql";

constexpr const char* find_operations = R"sql(
  INSERT INTO person_operation (id)
  SELECT operation_id FROM person_image
  UNION SELECT operation_id FROM operation_created WHERE customer_id IS NOT NULL AND (
    (entity = 'contact' AND EXISTS (SELECT 1 FROM person_contact WHERE since = 0 AND id BETWEEN first_id AND last_id))
    OR (entity = 'customer' AND EXISTS (SELECT 1 FROM person_customer WHERE since = 0 AND id BETWEEN first_id AND last_id)))
  UNION SELECT operation_id FROM open_link JOIN person_contact ON person_contact.id = contact_id
    WHERE operation_id > since
  UNION SELECT operation_id FROM welcome LEFT JOIN person_contact ON person_contact.id = contact_id
    WHERE operation_id IS NOT NULL AND (email_key = :key OR queued_at >= since_at)
)sql";

// Others' commands may name the address too; which of these do, their words tell.
constexpr const char* select_suspects = "SELECT id, command FROM operation WHERE instr(lower(command), :domain) > 0";

struct Kind {
  const char *name, *sql;
};

constexpr Kind kinds[] = {
    {"contact", R"sql(
      SELECT 'contact:' || contact.id AS id, customer.number AS customer, customer.name AS customer_name, first_name,
        last_name, contact.email, contact.phone, title, contact.language, contact.hub, is_primary,
        contact.created_at, contact.updated_at
      FROM person_contact JOIN contact USING (id) JOIN customer ON customer.id = customer_id ORDER BY contact.id
    )sql"},
    {"customer", R"sql(
      SELECT customer.number, kind, name, email, phone, address, zip, city, country, language, website, notes, hub,
        (SELECT group_concat(tag, ', ') FROM customer_tag WHERE customer_id = customer.id) AS tags,
        created_at, updated_at, archived_at
      FROM customer WHERE id IN (SELECT id FROM person_customer) OR email_key = :key ORDER BY id
    )sql"},
    {"login_link", R"sql(
      SELECT 'contact:' || contact_id AS contact, address, created_at, used_at, ended_at, ended_by
      FROM login_link LEFT JOIN person_contact ON contact_id = id WHERE email_key = :key OR created_at >= since_at
      ORDER BY contact_id, generation
    )sql"},
    {"login", R"sql(
      SELECT 'contact:' || contact_id AS contact, at, method, ip
      FROM login LEFT JOIN person_contact ON person_contact.id = contact_id
        LEFT JOIN person_former ON person_former.id = contact_id
      WHERE at >= since_at OR at <= until_at ORDER BY at
    )sql"},
    {"mail", R"sql(
      SELECT 'contact:' || contact_id AS contact, address, message_id, language, state, tries, queued_at, sent_at,
        changed_at, reply, message
      FROM welcome LEFT JOIN person_contact ON person_contact.id = contact_id
      WHERE email_key = :key OR queued_at >= since_at ORDER BY welcome.id
    )sql"},
    {"mail_try", R"sql(
      SELECT message_id, number, at, outcome, stage, welcome_try.reply
      FROM welcome JOIN welcome_try ON welcome_id = welcome.id LEFT JOIN person_contact ON person_contact.id = contact_id
      WHERE email_key = :key OR queued_at >= since_at ORDER BY welcome.id, number
    )sql"},
    {"operation", R"sql(
      SELECT 'op:' || id AS id, at, actor, command,
        (SELECT group_concat(json_remove(was, '$.links', '$.logins', '$.welcomes'), char(10))
         FROM person_image JOIN operation_before USING (operation_id, entity, entity_id)
         WHERE operation_id = operation.id) AS before
      FROM operation WHERE id IN (SELECT id FROM person_operation) ORDER BY id
    )sql"},
};

// What is left of an image says that there was one. Of a deleted contact, what it was before goes too.
constexpr const char* erase_images = R"sql(
  UPDATE operation_before SET was = json_object('erased', 1, 'customer_id', customer_id)
  WHERE was <> 'null' AND (
    (operation_id, entity, entity_id) IN (SELECT operation_id, entity, entity_id FROM person_image
                                          WHERE entity IN ('contact', 'customer'))
    OR (entity = 'contact' AND (entity_id IN (SELECT id FROM person_contact)
                                OR customer_id IN (SELECT id FROM person_customer))))
)sql";

constexpr const char* erase_addresses[] = {
    // of a business whose invoices went there
    "UPDATE operation_before SET was = json_set(was, '$.email', NULL, '$.email_key', NULL, '$.erased', 1) "
    "WHERE was ->> 'email_key' = :key",
    "UPDATE operation_before SET was = json_set(was, '$.address', NULL) WHERE entity = 'welcome' "
    "AND (operation_id, entity_id) IN (SELECT operation_id, entity_id FROM person_image WHERE entity = 'welcome')",
    "UPDATE customer SET email = NULL, email_key = NULL WHERE kind = 'business' AND email_key = :key",
    "UPDATE login_link SET address = '', email_key = '' WHERE email_key = :key",
};

constexpr const char* erase_tries = R"sql(
  UPDATE welcome_try SET reply = '' WHERE welcome_id IN (
    SELECT id FROM welcome WHERE email_key = :key OR contact_id IN (SELECT id FROM person_contact))
)sql";

constexpr const char* erase_mails = R"sql(
  UPDATE welcome SET address = '', email_key = '', reply = NULL, message = NULL
  WHERE email_key = :key OR contact_id IN (SELECT id FROM person_contact)
)sql";

constexpr const char* note_deletions[] = {
    "INSERT OR IGNORE INTO operation_before (operation_id, entity, entity_id, customer_id, was) "
    "SELECT :operation, 'contact', id, customer_id, json_object('erased', 1, 'customer_id', customer_id) "
    "FROM contact WHERE id IN (SELECT id FROM person_contact)",
    "INSERT OR IGNORE INTO operation_before (operation_id, entity, entity_id, customer_id, was) "
    "SELECT :operation, 'customer', id, id, json_object('erased', 1) "
    "FROM customer WHERE id IN (SELECT id FROM person_customer)",
};

constexpr const char* delete_rows[] = {
    "DELETE FROM login WHERE EXISTS (SELECT 1 FROM person_former WHERE id = contact_id AND at <= until_at)",
    "DELETE FROM contact WHERE id IN (SELECT id FROM person_contact)",
    "DELETE FROM customer WHERE id IN (SELECT id FROM person_customer)",
};

/// Binds what the statement has.
int run(Connection& database, const std::string& sql, const std::string& key, OperationId operation = {}) {
  Statement statement(database, sql);
  if (sql.find(":key") != std::string::npos) statement.bind(":key", key);
  if (sql.find(":operation") != std::string::npos) statement.bind(":operation", operation.value);
  return statement.exec();
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_of_address(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '+';
}

/// True if the address stands in the word, and not as a part of another one.
bool names(std::string word, const std::string& key) {
  std::ranges::transform(word, word.begin(), lower);
  for (std::size_t at = word.find(key); at != std::string::npos; at = word.find(key, at + 1)) {
    const std::size_t end = at + key.size();
    if ((at == 0 || !is_of_address(word[at - 1])) && (end == word.size() || !is_of_address(word[end]))) return true;
  }
  return false;
}

void find_commands(Connection& database, const std::string& key) {
  Statement suspects(database, select_suspects);
  suspects.bind(":domain", key.substr(key.find('@')));
  while (suspects.executeStep()) {
    const auto words = text::split_shell_words(suspects.getColumn(1).getString());
    if (!std::ranges::any_of(words, [&](const std::string& word) { return names(word, key); })) continue;
    Statement insert(database, "INSERT OR IGNORE INTO person_operation (id) VALUES (:id)");
    insert.bind(":id", suspects.getColumn(0).getInt64());
    insert.exec();
  }
}

void find_person(Connection& database, const std::string& key) {
  for (const char* sql : create_tables) database.exec(sql);
  for (const std::string& sql : {find_contacts(), find_private_customers(), std::string(find_former),
                                 std::string(find_images), std::string(find_operations)})
    run(database, sql, key);
  find_commands(database, key);
}

/// The noun and the verb of a command line, and `rest` for what followed.
std::string without_arguments(const std::string& command, const char* rest) {
  std::string kept;
  int words = 0;
  for (const std::string& word : text::split_shell_words(command)) {
    const bool is_plain = std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
    if (!is_plain || ++words > 2) break;
    kept += word + ' ';
  }
  return kept + rest;
}

std::optional<std::string> value_of(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  const std::string name = column.getName();
  if (name == "command") return without_arguments(column.getString(), "...");  // may name others
  if (column.isInteger() && (name == "at" || name.ends_with("_at")))
    return to_rfc3339(Time(std::chrono::seconds(column.getInt64())));
  return column.getString();
}

std::vector<std::string> column(Connection& database, const char* sql, const std::string& key) {
  Statement statement(database, sql);
  if (std::string_view(sql).find(":key") != std::string_view::npos) statement.bind(":key", key);
  std::vector<std::string> values;
  while (statement.executeStep()) values.push_back(statement.getColumn(0).getString());
  return values;
}

void erase_commands(Connection& database) {
  Statement select(database, "SELECT id, command FROM operation WHERE id IN (SELECT id FROM person_operation)");
  while (select.executeStep()) {
    const std::string command = select.getColumn(1).getString();
    if (command.starts_with("customer import ")) continue;  // names a file
    Statement update(database, "UPDATE operation SET command = :command WHERE id = :id");
    update.bind(":command", without_arguments(command, "(erased)"));
    update.bind(":id", select.getColumn(0).getInt64());
    update.exec();
  }
}

}  // namespace

void each_person_record(Connection& database, const EmailAddress& email,
                        const std::function<void(const PersonRecord&)>& visit) {
  find_person(database, email.key());
  for (const Kind& kind : kinds) {
    Statement statement(database, kind.sql);
    if (std::string_view(kind.sql).find(":key") != std::string_view::npos) statement.bind(":key", email.key());
    while (statement.executeStep()) {
      PersonRecord record{.kind = kind.name, .fields = {}};
      for (int i = 0; i < statement.getColumnCount(); ++i)
        record.fields.emplace_back(statement.getColumn(i).getName(), value_of(statement.getColumn(i)));
      visit(record);
    }
  }
}

PersonErasure erase_person(Connection& database, OperationId operation, const EmailAddress& email) {
  const std::string key = email.key();
  database.exec("PRAGMA secure_delete = ON");  // what is deleted must not stay on free pages
  find_person(database, key);
  PersonErasure erasure{
      .contacts =
          column(database, "SELECT 'contact:' || id FROM contact WHERE id IN (SELECT id FROM person_contact)", key),
      .customers =
          column(database,
                 "SELECT number FROM customer WHERE id IN (SELECT id FROM person_customer) OR email_key = :key", key)};
  erasure.operations = std::ssize(column(database, "SELECT id FROM person_operation", key));
  erase_commands(database);
  run(database, erase_images, key);
  for (const char* sql : erase_addresses) run(database, sql, key);
  run(database, erase_tries, key);
  erasure.mails = run(database, erase_mails, key);
  for (const char* sql : note_deletions) run(database, sql, key, operation);
  for (const char* sql : delete_rows) run(database, sql, key);
  return erasure;
}

std::vector<CustomerId> customers_with_contact(Connection& database, const EmailAddress& email) {
  Statement statement(database, "SELECT customer_id FROM contact WHERE email_key = :key");
  statement.bind(":key", email.key());
  std::vector<CustomerId> found;
  while (statement.executeStep()) found.push_back(CustomerId{statement.getColumn(0).getInt64()});
  return found;
}

bool is_erasure(Connection& database, OperationId operation) {
  Statement statement(database,
                      "SELECT 1 FROM operation_before WHERE operation_id = :id AND was ->> 'erased' = 1 LIMIT 1");
  statement.bind(":id", operation.value);
  return statement.executeStep();
}

}  // namespace kundehub::sqlite
