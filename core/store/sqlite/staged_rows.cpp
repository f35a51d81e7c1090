#include "core/store/sqlite/staged_rows.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/store/sqlite/contact_rows.hpp"
#include "core/store/sqlite/customer_rows.hpp"
#include "core/store/sqlite/module_rows.hpp"
#include "core/store/sqlite/values.hpp"

namespace kundehub::sqlite {
namespace {

// The rest of the schema, whose rows do not leave the stage.
constexpr const char* own_tables = R"sql(
  -- Where the customer or contact `position` stands in the file. A run of positions in which all three go up together
  -- is one row.
  CREATE TABLE staging.place (position INTEGER PRIMARY KEY, row INTEGER NOT NULL, line INTEGER NOT NULL,
                              marks INTEGER NOT NULL) STRICT;
  CREATE TABLE staging.row_text (row INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
  CREATE TABLE staging.rejected (row INTEGER PRIMARY KEY, line INTEGER NOT NULL, kind INTEGER NOT NULL,
                                 reason TEXT NOT NULL, number TEXT NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE TABLE staging.matched (position INTEGER NOT NULL, customer_id INTEGER NOT NULL,
                                PRIMARY KEY (position, customer_id)) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* select_table_sql = "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = :name";
constexpr const char* select_index_sql = "SELECT sql FROM main.sqlite_schema WHERE type = 'index' AND name = :name";

constexpr const char* insert_customer_sql = R"sql(
  INSERT INTO staging.customer (id, number, kind, name, cvr, email, email_key, phone, address, zip, city, country,
                                language, website, notes, hub, hub_changed_at, created_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?17, ?17)
)sql";

constexpr const char* insert_contact_sql = R"sql(
  INSERT INTO staging.contact (id, customer_id, first_name, last_name, email, email_key, email_changed_at, phone, title,
                               language, hub, hub_changed_at, is_primary, created_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?12, ?7, ?8, ?9, ?10, ?12, ?11, ?12, ?12)
)sql";

constexpr const char* insert_tag_sql = "INSERT INTO staging.customer_tag (customer_id, tag) VALUES (?1, ?2)";
constexpr const char* insert_module_sql =
    "INSERT INTO staging.customer_module (customer_id, module_id) VALUES (?1, ?2)";

// In the order that read_customer wants.
constexpr const char* select_customer_sql = R"sql(
  SELECT id, iif(number GLOB '[?]*', '0', number), kind, name, cvr, email, phone, address, zip, city, country, language,
    website, notes, hub, hub_changed_at, created_at, updated_at, archived_at,
    (SELECT group_concat(tag, char(10)) FROM staging.customer_tag WHERE customer_id = :id),
    (SELECT group_concat(key, char(10)) FROM staging.customer_module JOIN main.module ON module.id = module_id
     WHERE customer_id = :id),
    number GLOB '[?]*'
  FROM staging.customer WHERE id = :id
)sql";

// What is bound without a copy must not be a temporary.
const std::string none, kinds[] = {"business", "private"}, languages[] = {"da", "en"};

/// The statement that made a table or an index, for the stage.
std::string definition(Connection& database, const char* query, const std::string& name) {
  Statement statement(database, query);
  statement.bind(":name", name);
  statement.executeStep();
  std::string sql = statement.getColumn(0).getString();
  sql.replace(sql.find(' ' + name + ' '), 1, " staging.");
  // Ids come with the rows: a counter of them would only cost time.
  if (const std::size_t counter = sql.find(" AUTOINCREMENT"); counter != std::string::npos)
    sql.erase(counter, std::string_view(" AUTOINCREMENT").size());
  return sql;
}

}  // namespace

void attach_staging(Connection& database) {
  database.exec("ATTACH '' AS staging");
  // It dies with the process: there is nothing to make durable.
  database.exec("PRAGMA staging.synchronous = OFF");
  database.exec("PRAGMA threads = 2");  // sort indexes; more memory for it, measured, makes that slower
  for (const char* table : {"module", "customer", "contact", "customer_tag", "customer_module"}) {
    database.exec(definition(database, select_table_sql, table));
  }
  database.exec("INSERT INTO staging.module SELECT * FROM main.module");  // what customer_module refers to
  database.exec(own_tables);
}

void detach_staging(Connection& database) noexcept {
  database.tryExec("DETACH staging");
}

bool make_staging_index(Connection& database, const std::string& name) {
  try {
    database.exec(definition(database, select_index_sql, name));
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() != SQLITE_CONSTRAINT) throw;
    return false;
  }
  return true;
}

StagedRowWriter::StagedRowWriter(Connection& database, Time at)
    : m_at(at.time_since_epoch().count()),
      m_modules(select_modules(database)),
      m_customer(database, insert_customer_sql),
      m_contact(database, insert_contact_sql),
      m_tag(database, insert_tag_sql),
      m_module(database, insert_module_sql) {}

void StagedRowWriter::bind_text(Statement& statement, int index, const std::string& text) {
  if (text.empty()) {
    statement.bind(index);
  } else {
    statement.bindNoCopy(index, text);
  }
}

void StagedRowWriter::add_customer(StagedId id, const StagedCustomer& customer) {
  const CustomerData& data = customer.data;
  m_number = customer.number ? customer.number->text() : fmt::format("?{}", id.value);
  m_email_key = data.email ? data.email->key() : std::string();
  m_customer.bind(1, id.value);
  bind_text(m_customer, 2, m_number);
  bind_text(m_customer, 3, kinds[data.kind == CustomerKind::business ? 0 : 1]);
  bind_text(m_customer, 4, data.name);
  bind_text(m_customer, 5, data.cvr ? data.cvr->text() : none);
  bind_text(m_customer, 6, data.email ? data.email->text() : none);
  bind_text(m_customer, 7, m_email_key);
  bind_text(m_customer, 8, data.phone);
  bind_text(m_customer, 9, data.address);
  bind_text(m_customer, 10, data.zip);
  bind_text(m_customer, 11, data.city);
  bind_text(m_customer, 12, data.country.text());
  bind_text(m_customer, 13, languages[data.language == Language::da ? 0 : 1]);
  bind_text(m_customer, 14, data.website);
  bind_text(m_customer, 15, data.notes);
  m_customer.bind(16, to_int(data.hub));
  m_customer.bind(17, m_at);
  m_customer.exec();
  m_customer.reset();
  for (const std::string& tag : data.tags) {
    m_tag.bind(1, id.value);
    m_tag.bindNoCopy(2, tag);
    m_tag.exec();
    m_tag.reset();
  }
  for (const std::string& key : data.modules) {
    const auto module =
        std::find_if(m_modules.begin(), m_modules.end(), [&](const Module& one) { return one.key == key; });
    m_module.bind(1, id.value);
    m_module.bind(2, module->id.value);
    m_module.exec();
    m_module.reset();
  }
}

void StagedRowWriter::add_contact(std::int64_t id, StagedId customer, const ContactData& contact) {
  m_email_key = contact.email ? contact.email->key() : std::string();
  m_contact.bind(1, id);
  m_contact.bind(2, customer.value);
  bind_text(m_contact, 3, contact.first_name);
  bind_text(m_contact, 4, contact.last_name);
  bind_text(m_contact, 5, contact.email ? contact.email->text() : none);
  bind_text(m_contact, 6, m_email_key);
  bind_text(m_contact, 7, contact.phone);
  bind_text(m_contact, 8, contact.title);
  bind_text(m_contact, 9, contact.language ? languages[*contact.language == Language::da ? 0 : 1] : none);
  m_contact.bind(10, to_int(contact.hub));
  m_contact.bind(11, contact.primary ? 1 : 0);
  m_contact.bind(12, m_at);
  m_contact.exec();
  m_contact.reset();
}

StagedCustomer read_staged_customer(Connection& database, StagedId id) {
  Statement statement(database, select_customer_sql);
  statement.bind(":id", id.value);
  statement.executeStep();
  Customer customer = read_customer(statement, 0);
  StagedCustomer staged;
  staged.id = id;
  if (statement.getColumn(21).getInt() == 0) staged.number = customer.number;
  staged.data = std::move(customer.data);
  Statement contacts(
      database,
      fmt::format("SELECT {} FROM staging.contact AS contact WHERE customer_id = :id ORDER BY id", contact_columns));
  contacts.bind(":id", id.value);
  while (contacts.executeStep()) {
    Contact contact = read_contact(contacts, 0);
    staged.contacts.push_back({std::move(contact.data), contact.id.value});
  }
  return staged;
}

}  // namespace kundehub::sqlite
