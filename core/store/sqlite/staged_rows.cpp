#include "core/store/sqlite/staged_rows.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/contact_rows.hpp"
#include "core/store/sqlite/customer_rows.hpp"
#include "core/store/sqlite/module_rows.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/text/translate.hpp"

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
                                 reason TEXT NOT NULL, number TEXT NOT NULL, cvr TEXT NOT NULL,
                                 email_key TEXT NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE TABLE staging.matched (position INTEGER NOT NULL, customer_id INTEGER NOT NULL,
                                PRIMARY KEY (position, customer_id)) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* select_table_sql = "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = :name";
constexpr const char* select_index_sql = "SELECT sql FROM main.sqlite_schema WHERE type = 'index' AND name = :name";

constexpr const char* insert_customer_sql = R"sql(
  INSERT INTO staging.customer (hub_changed_at, created_at, updated_at, id, number, kind, name, cvr, email, email_key,
                                phone, address, zip, city, country, language, website, notes, hub)
  VALUES
)sql";
constexpr int customer_parameters = 16;

constexpr const char* insert_contact_sql = R"sql(
  INSERT INTO staging.contact (hub_changed_at, created_at, updated_at, email_changed_at, id, customer_id, first_name,
                               last_name, email, email_key, phone, title, language, hub, is_primary)
  VALUES
)sql";
constexpr int contact_parameters = 11;

/// An insertion of several rows. Parameter 1 is the time, which fills the first `times` columns; then come each row's.
std::string insertion(const char* sql, std::size_t rows, int times, int parameters) {
  std::string text = sql;
  int number = 1;
  for (std::size_t row = 0; row < rows; ++row) {
    text += row > 0 ? ", (?1" : "(?1";
    for (int i = 1; i < times; ++i) text += ", ?1";
    for (int i = 0; i < parameters; ++i) text += fmt::format(", ?{}", ++number);
    text += ')';
  }
  return text;
}

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

/// Binds one parameter after the other, texts without a copy: they live until the statement has run.
class Binder {
 public:
  Binder(Statement& statement, std::int64_t time) : m_statement(statement) { number(time); }

  void number(std::int64_t value) { m_statement.bind(++m_last, value); }

  /// Empty text is absent.
  void text(const std::string& value) {
    if (value.empty()) {
      m_statement.bind(++m_last);
    } else {
      m_statement.bindNoCopy(++m_last, value);
    }
  }

 private:
  Statement& m_statement;
  int m_last = 0;
};

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
  Statement there(database, "SELECT 1 FROM staging.sqlite_schema WHERE type = 'index' AND name = :name");
  there.bind(":name", name);
  if (there.executeStep()) return true;
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
      m_customer(database, insertion(insert_customer_sql, 1, 3, customer_parameters)),
      m_customers(database, insertion(insert_customer_sql, rows_at_once, 3, customer_parameters)),
      m_contact(database, insertion(insert_contact_sql, 1, 4, contact_parameters)),
      m_contacts(database, insertion(insert_contact_sql, rows_at_once, 4, contact_parameters)),
      m_tag(database, insert_tag_sql),
      m_module(database, insert_module_sql),
      m_waiting_customers(rows_waiting),
      m_waiting_contacts(rows_waiting) {}

void StagedRowWriter::add_customer(StagedId id, const StagedCustomer& customer) {
  if (m_customers_waiting == rows_waiting) flush();
  WaitingCustomer& waiting = m_waiting_customers[m_customers_waiting++];
  waiting.id = id.value;
  waiting.number = customer.number ? customer.number->text() : fmt::format("?{}", id.value);
  waiting.email_key = customer.data.email ? customer.data.email->key() : none;
  waiting.data = customer.data;
}

void StagedRowWriter::add_contact(std::int64_t id, StagedId customer, const ContactData& contact) {
  if (m_contacts_waiting == rows_waiting) flush();
  WaitingContact& waiting = m_waiting_contacts[m_contacts_waiting++];
  waiting.id = id;
  waiting.customer = customer.value;
  waiting.email_key = contact.email ? contact.email->key() : none;
  waiting.data = contact;
}

void StagedRowWriter::flush() {
  std::size_t done = 0;
  for (; done + rows_at_once <= m_customers_waiting; done += rows_at_once)
    write_customers(m_customers, done, rows_at_once);
  for (; done < m_customers_waiting; ++done) write_customers(m_customer, done, 1);
  for (std::size_t i = 0; i < m_customers_waiting; ++i) write_tags_and_modules(m_waiting_customers[i]);
  m_customers_waiting = 0;
  // Behind the customers that they refer to.
  done = 0;
  for (; done + rows_at_once <= m_contacts_waiting; done += rows_at_once)
    write_contacts(m_contacts, done, rows_at_once);
  for (; done < m_contacts_waiting; ++done) write_contacts(m_contact, done, 1);
  m_contacts_waiting = 0;
}

void StagedRowWriter::write_customers(Statement& statement, std::size_t first, std::size_t count) {
  Binder bind(statement, m_at);
  for (std::size_t i = first; i < first + count; ++i) {
    const WaitingCustomer& customer = m_waiting_customers[i];
    const CustomerData& data = customer.data;
    bind.number(customer.id);
    bind.text(customer.number);
    bind.text(kinds[data.kind == CustomerKind::business ? 0 : 1]);
    bind.text(data.name);
    bind.text(data.cvr ? data.cvr->text() : none);
    bind.text(data.email ? data.email->text() : none);
    for (const std::string* text : {&customer.email_key, &data.phone, &data.address, &data.zip, &data.city})
      bind.text(*text);
    bind.text(data.country.text());
    bind.text(languages[data.language == Language::da ? 0 : 1]);
    bind.text(data.website);
    bind.text(data.notes);
    bind.number(to_int(data.hub));
  }
  statement.exec();
  statement.reset();
}

void StagedRowWriter::write_contacts(Statement& statement, std::size_t first, std::size_t count) {
  Binder bind(statement, m_at);
  for (std::size_t i = first; i < first + count; ++i) {
    const WaitingContact& contact = m_waiting_contacts[i];
    const ContactData& data = contact.data;
    bind.number(contact.id);
    bind.number(contact.customer);
    bind.text(data.first_name);
    bind.text(data.last_name);
    bind.text(data.email ? data.email->text() : none);
    for (const std::string* text : {&contact.email_key, &data.phone, &data.title}) bind.text(*text);
    bind.text(data.language ? languages[*data.language == Language::da ? 0 : 1] : none);
    bind.number(to_int(data.hub));
    bind.number(data.primary ? 1 : 0);
  }
  statement.exec();
  statement.reset();
}

void StagedRowWriter::write_tags_and_modules(const WaitingCustomer& customer) {
  for (const std::string& tag : customer.data.tags) {
    m_tag.bind(1, customer.id);
    m_tag.bindNoCopy(2, tag);
    m_tag.exec();
    m_tag.reset();
  }
  for (const std::string& key : customer.data.modules) {
    const auto module =
        std::find_if(m_modules.begin(), m_modules.end(), [&](const Module& one) { return one.key == key; });
    if (module == m_modules.end()) throw Error(ErrorKind::conflict, tr("there is no module {} any more", key));
    m_module.bind(1, customer.id);
    m_module.bind(2, module->id.value);
    m_module.exec();
    m_module.reset();
  }
}

std::vector<std::pair<std::int64_t, std::int64_t>> read_pairs(Statement statement) {
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  while (statement.executeStep())
    found.emplace_back(statement.getColumn(0).getInt64(), statement.getColumn(1).getInt64());
  return found;
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
