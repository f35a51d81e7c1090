#include "core/store/sqlite/contact_rows.hpp"

#include <string>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/link_rows.hpp"
#include "core/store/sqlite/module_rows.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {

const char* const contact_columns = R"sql(
  contact.id, contact.customer_id, contact.first_name, contact.last_name, contact.email, contact.phone, contact.title,
  contact.language, contact.hub, contact.is_primary, contact.hub_changed_at, contact.email_changed_at,
  contact.created_at, contact.updated_at, contact.is_limited,
  (SELECT group_concat(module.key, char(10)) FROM contact_module JOIN module ON module.id = module_id
   WHERE contact_id = contact.id)
)sql";

namespace {

constexpr const char* insert_sql = R"sql(
  INSERT INTO contact (customer_id, first_name, last_name, email, email_key, email_changed_at, phone, title, language,
                       hub, hub_changed_at, is_primary, is_limited, created_at, updated_at)
  VALUES (:customer, :first_name, :last_name, :email, :email_key, :now, :phone, :title, :language,
          :hub, :now, :primary, :is_limited, :now, :now)
)sql";

// The first columns only when they change: see the customer's.
constexpr const char* update_sql = R"sql(
  UPDATE contact SET {} first_name = :first_name, last_name = :last_name, email = :email, phone = :phone,
    title = :title, hub_changed_at = iif(hub = :hub, hub_changed_at, :now), hub = :hub, language = :language, is_primary = :primary,
    is_limited = :is_limited, updated_at = :now
  WHERE id = :id
)sql";

constexpr const char* move_sql = R"sql(
  UPDATE contact SET customer_id = :customer, is_primary = 0, updated_at = :now WHERE id = :id
)sql";

constexpr const char* delete_sql = "DELETE FROM contact WHERE id = :id";

constexpr const char* select_primary = "SELECT id FROM contact WHERE customer_id = :customer AND is_primary = 1";

constexpr const char* by_id = R"sql(
  SELECT id FROM contact WHERE id = :value AND (:customer IS NULL OR customer_id = :customer)
)sql";
constexpr const char* by_email = R"sql(
  SELECT id FROM contact WHERE email_key = :value AND (:customer IS NULL OR customer_id = :customer) ORDER BY id
)sql";

void bind_key(Statement& statement, const ContactData& contact) {
  bind_text(statement, ":email_key", contact.email ? contact.email->key() : std::string());
}

void bind_data(Statement& statement, const ContactData& contact) {
  bind_text(statement, ":first_name", contact.first_name);
  bind_text(statement, ":last_name", contact.last_name);
  bind_text(statement, ":email", contact.email ? contact.email->text() : std::string());
  bind_text(statement, ":phone", contact.phone);
  bind_text(statement, ":title", contact.title);
  bind_text(statement, ":language", contact.language ? std::string(to_string(*contact.language)) : std::string());
  statement.bind(":hub", to_int(contact.hub));
  statement.bind(":primary", contact.primary ? 1 : 0);
  statement.bind(":is_limited", contact.only_modules ? 1 : 0);
}

void execute(Statement& statement, CustomerId customer, const ContactData& contact) {
  try {
    statement.exec();
  } catch (const SQLite::Exception& error) {
    if (error.getExtendedErrorCode() != SQLITE_CONSTRAINT_UNIQUE) throw;  // translated at the store's edge
    const std::string address = contact.email ? contact.email->text() : std::string();
    throw Error(ErrorKind::conflict, tr("the customer already has a contact \"{}\"", address),
                fmt::format("kundehub contact show {} --customer id:{}", text::shell_word(address), customer.value));
  }
}

}  // namespace

Contact read_contact(Statement& statement, int first) {
  const auto column = [&](int offset) { return statement.getColumn(first + offset); };
  ContactData data;
  data.first_name = column(2).getString();
  data.last_name = column(3).getString();
  data.email = read_email(column(4));
  data.phone = column(5).getString();
  data.title = column(6).getString();
  if (!column(7).isNull()) data.language = parse_language(column(7).getString());
  data.hub = read_switch(column(8));
  data.primary = column(9).getInt() != 0;
  if (column(14).getInt() != 0) data.only_modules = read_lines(column(15));
  return {.id = ContactId{column(0).getInt64()},
          .customer = CustomerId{column(1).getInt64()},
          .data = std::move(data),
          .hub_changed_at = read_time(column(10)),
          .email_changed_at = read_time(column(11)),
          .created_at = read_time(column(12)),
          .updated_at = read_time(column(13))};
}

ContactId insert_contact(Connection& database, CustomerId customer, const ContactData& contact, Time now) {
  Statement statement(database, insert_sql);
  bind_key(statement, contact);
  bind_data(statement, contact);
  statement.bind(":customer", customer.value);
  bind_time(statement, ":now", now);
  execute(statement, customer, contact);
  const ContactId id{database.getLastInsertRowid()};
  if (contact.only_modules) replace_contact_modules(database, id, *contact.only_modules);
  return id;
}

void update_contact(Connection& database, const Contact& present, const ContactData& contact, Time now) {
  const bool has_key = present.data.email == contact.email;
  Statement statement(database, fmt::format(fmt::runtime(update_sql),
                                            has_key ? "" : "email_changed_at = :now, email_key = :email_key,"));
  if (!has_key) bind_key(statement, contact);
  bind_data(statement, contact);
  statement.bind(":id", present.id.value);
  bind_time(statement, ":now", now);
  execute(statement, present.customer, contact);
  if (present.data.only_modules != contact.only_modules)
    replace_contact_modules(database, present.id, contact.only_modules.value_or(std::vector<std::string>()));
}

void move_contact(Connection& database, const Contact& present, CustomerId customer, Time now) {
  Statement statement(database, move_sql);
  statement.bind(":id", present.id.value);
  statement.bind(":customer", customer.value);
  bind_time(statement, ":now", now);
  execute(statement, customer, present.data);
  end_open_links(database, present.id, now);
}

void delete_contact(Connection& database, ContactId id) {
  Statement statement(database, delete_sql);
  statement.bind(":id", id.value);
  statement.exec();
}

std::optional<Contact> select_contact(Connection& database, ContactId id) {
  Statement statement(database, fmt::format("SELECT {} FROM contact WHERE id = :id", contact_columns));
  statement.bind(":id", id.value);
  if (!statement.executeStep()) return std::nullopt;
  return read_contact(statement, 0);
}

std::vector<ContactId> primary_contacts(Connection& database, CustomerId customer) {
  Statement statement(database, select_primary);
  statement.bind(":customer", customer.value);
  std::vector<ContactId> found;
  while (statement.executeStep()) found.push_back(ContactId{statement.getColumn(0).getInt64()});
  return found;
}

std::vector<ContactId> contacts_of(Connection& database, CustomerId customer) {
  Statement statement(database, "SELECT id FROM contact WHERE customer_id = :customer ORDER BY id");
  statement.bind(":customer", customer.value);
  std::vector<ContactId> found;
  while (statement.executeStep()) found.push_back(ContactId{statement.getColumn(0).getInt64()});
  return found;
}

std::vector<ContactId> find_contacts(Connection& database, const ContactSelector& selector,
                                     std::optional<CustomerId> customer) {
  const auto* id = std::get_if<ContactId>(&selector);
  Statement statement(database, id ? by_id : by_email);
  if (id) {
    statement.bind(":value", id->value);
  } else {
    statement.bind(":value", std::get<EmailAddress>(selector).key());
  }
  if (customer) {
    statement.bind(":customer", customer->value);
  } else {
    statement.bind(":customer");
  }
  std::vector<ContactId> found;
  while (statement.executeStep()) found.push_back(ContactId{statement.getColumn(0).getInt64()});
  return found;
}

}  // namespace kundehub::sqlite
