#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/operation_rows.hpp"
#include "core/store/sqlite/sqlite_import_stage.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

constexpr std::int64_t last_number_of_counter = 999'999'999'999'999;  // CustomerNumber::counter_value takes 15 digits

constexpr const char* highest_number = R"sql(
  SELECT coalesce(max(CAST(number AS INTEGER)), 0) FROM staging.customer
  WHERE length(number) <= 15 AND number NOT GLOB '*[^0-9]*' AND id NOT IN (SELECT position FROM staging.matched)
)sql";

constexpr const char* pass_number = R"sql(
  UPDATE main.setting SET value = max(value, :number) WHERE key = 'last_customer_number'
)sql";

// The counter stands behind every number of digits that was ever given, so what comes behind it is free.
constexpr const char* give_numbers_sql = R"sql(
  UPDATE staging.customer SET number = CAST(last.value + ranked.place AS TEXT)
  FROM (SELECT id AS ranked_id, row_number() OVER (ORDER BY id) AS place FROM staging.customer
        WHERE number GLOB '[?]*' AND id NOT IN (SELECT position FROM staging.matched)) AS ranked,
       (SELECT value FROM main.setting WHERE key = 'last_customer_number') AS last
  WHERE customer.id = ranked.ranked_id
)sql";

// Whoever does not enter keeps no number from those who do.
constexpr const char* free_numbers_of_matched = R"sql(
  UPDATE staging.customer SET number = '!' || id WHERE id IN (SELECT position FROM staging.matched)
)sql";

constexpr const char* count_unnumbered = R"sql(
  SELECT count(*) FROM staging.customer
  WHERE number GLOB '[?]*' AND id NOT IN (SELECT position FROM staging.matched)
)sql";

constexpr const char* make_first_primary = R"sql(
  UPDATE staging.contact SET is_primary = 1 WHERE id IN (
    SELECT min(id) FROM staging.contact WHERE customer_id NOT IN (SELECT position FROM staging.matched)
    GROUP BY customer_id HAVING max(is_primary) = 0)
)sql";

constexpr const char* count_entries = R"sql(
  SELECT count(*), min(id), max(id) FROM staging.{} WHERE {} NOT IN (SELECT position FROM staging.matched)
)sql";
constexpr const char* count_all = R"sql(
  SELECT (SELECT count(*) FROM staging.{0}), (SELECT min(id) FROM staging.{0}), (SELECT max(id) FROM staging.{0})
)sql";

// Into an empty table with the same indexes SQLite copies rows and indexes as they are (its transfer optimization).
constexpr const char* const copies[] = {"INSERT INTO main.customer SELECT * FROM staging.customer",
                                        "INSERT INTO main.contact SELECT * FROM staging.contact",
                                        "INSERT INTO main.customer_tag SELECT * FROM staging.customer_tag",
                                        "INSERT INTO main.customer_module SELECT * FROM staging.customer_module"};
constexpr const char* const copied_indexes[] = {"customer_cvr", "customer_email", "contact_email", "customer_tag_tag",
                                                "customer_module_module"};

// SQLite names no SQL for the indexes that a table's own constraints make: those stay.
constexpr const char* select_indexes = R"sql(
  SELECT name, sql FROM main.sqlite_schema
  WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('customer', 'contact', 'customer_tag', 'customer_module')
  ORDER BY rowid
)sql";

// The stage had foreign keys on, so what it holds is whole; but a module may have been deleted since.
constexpr const char* module_is_missing = R"sql(
  SELECT EXISTS (SELECT 1 FROM staging.module WHERE id NOT IN (SELECT id FROM main.module)
                 AND id IN (SELECT module_id FROM staging.customer_module))
)sql";

constexpr const char* enter_customers = R"sql(
  INSERT INTO main.customer (id, number, kind, name, cvr, email, email_key, phone, address, zip, city, country, language,
                             website, notes, hub, hub_changed_at, created_at, updated_at)
  SELECT id + :customers, number, kind, name, cvr, email, email_key, phone, address, zip, city, country, language,
         website, notes, hub, hub_changed_at, created_at, updated_at
  FROM staging.customer WHERE id NOT IN (SELECT position FROM staging.matched)
)sql";

constexpr const char* enter_contacts = R"sql(
  INSERT INTO main.contact (id, customer_id, first_name, last_name, email, email_key, email_changed_at, phone, title,
                            language, hub, hub_changed_at, is_primary, created_at, updated_at)
  SELECT id + :contacts, customer_id + :customers, first_name, last_name, email, email_key, email_changed_at, phone,
         title, language, hub, hub_changed_at, is_primary, created_at, updated_at
  FROM staging.contact WHERE customer_id NOT IN (SELECT position FROM staging.matched)
)sql";

constexpr const char* enter_tags = R"sql(
  INSERT INTO main.customer_tag (customer_id, tag)
  SELECT customer_id + :customers, tag FROM staging.customer_tag
  WHERE customer_id NOT IN (SELECT position FROM staging.matched)
)sql";

constexpr const char* enter_modules = R"sql(
  INSERT INTO main.customer_module (customer_id, module_id)
  SELECT customer_id + :customers, module_id FROM staging.customer_module
  WHERE customer_id NOT IN (SELECT position FROM staging.matched)
)sql";

/// How many rows of a kind enter, and the range that their ids will lie in.
struct Entries {
  std::int64_t count = 0, first = 0, last = 0;
};

/// The highest id that was ever given in a table.
std::int64_t last_id(Connection& database, const char* table) {
  Statement statement(database, "SELECT coalesce(max(seq), 0) FROM main.sqlite_sequence WHERE name = :name");
  statement.bind(":name", std::string(table));
  statement.executeStep();
  return statement.getColumn(0).getInt64();
}

bool holds(Connection& database, const char* query) {
  return database.execAndGet(query).getInt() != 0;
}

bool has_matches(Connection& database) {
  return holds(database, "SELECT EXISTS (SELECT 1 FROM staging.matched)");
}

Entries count(Connection& database, const char* table, const char* customer, std::int64_t shift) {
  const bool is_all = !has_matches(database);
  Statement statement(database, fmt::format(fmt::runtime(is_all ? count_all : count_entries), table, customer));
  statement.executeStep();
  const std::int64_t rows = statement.getColumn(0).getInt64();
  if (rows == 0) return {0, 1, 0};
  return {rows, statement.getColumn(1).getInt64() + shift, statement.getColumn(2).getInt64() + shift};
}

void pass(Connection& database, std::int64_t number) {
  Statement statement(database, pass_number);
  statement.bind(":number", number);
  statement.exec();
}

void run(Connection& database, const char* sql, std::int64_t customers) {
  Statement statement(database, sql);
  statement.bind(":customers", customers);
  statement.exec();
}

/// Takes away the indexes of the tables that are entered into; returns the SQL that makes them again.
std::vector<std::string> drop_indexes(Connection& database) {
  std::vector<std::string> names, definitions;
  for (Statement statement(database, select_indexes); statement.executeStep();) {
    names.push_back(statement.getColumn(0).getString());
    definitions.push_back(statement.getColumn(1).getString());
  }
  for (const std::string& name : names) database.exec(fmt::format("DROP INDEX main.{}", name));
  return definitions;
}

/// Beside what is there already.
void enter_rows(Connection& database, std::int64_t customer_shift, std::int64_t contact_shift) {
  run(database, enter_customers, customer_shift);
  Statement contacts(database, enter_contacts);
  contacts.bind(":customers", customer_shift);
  contacts.bind(":contacts", contact_shift);
  contacts.exec();
  run(database, enter_tags, customer_shift);
  run(database, enter_modules, customer_shift);
}

/// True if most of the customers will be new: then sorting all into new indexes costs less than filling in the old
/// ones.
bool is_mostly_new(Connection& database, const Entries& customers) {
  return customers.count > database.execAndGet("SELECT count(*) FROM main.customer").getInt64();
}

}  // namespace

bool SqliteImportStage::store_is_empty() {
  return !holds(m_database, "SELECT EXISTS (SELECT 1 FROM main.customer)");
}

void SqliteImportStage::prepare_entry() {
  translated([&] {
    if (!store_is_empty()) {
      // Rows will go to and fro in the indexes that are there.
      m_database.exec("PRAGMA main.cache_size = -24000");
      return;
    }
    for (const char* index : copied_indexes) make_staging_index(m_database, index);
    // Rows that refer to others are not copied as they are while SQLite checks each of them, as it has done here.
    m_database.exec("PRAGMA foreign_keys = OFF");
  });
}

bool SqliteImportStage::has_entries() {
  return count(m_database, "customer", "id", 0).count > 0;
}

/// The counter of numbers goes on behind the highest of the file's; who has none gets the ones behind that.
void SqliteImportStage::give_numbers() {
  const bool is_known = !m_has_removed && !has_matches(m_database);
  const std::int64_t highest = is_known ? m_highest_number : m_database.execAndGet(highest_number).getInt64();
  pass(m_database, highest);
  if (!m_has_unnumbered) return;
  if (has_matches(m_database)) m_database.exec(free_numbers_of_matched);
  const std::int64_t last =
      m_database.execAndGet("SELECT value FROM main.setting WHERE key = 'last_customer_number'").getInt64();
  const std::int64_t wanted = m_database.execAndGet(count_unnumbered).getInt64();
  if (last + wanted > last_number_of_counter) {
    throw Error(ErrorKind::conflict, tr("there are no numbers left behind {} for rows without one", last),
                tr("give those rows a number"));
  }
  m_database.exec(give_numbers_sql);
  pass(m_database, last + wanted);
}

EnteredRecords SqliteImportStage::enter(OperationId operation) {
  if (holds(m_database, module_is_missing))
    throw Error(ErrorKind::conflict, tr("a module that the import switches on has been deleted meanwhile"),
                "kundehub module list");
  give_numbers();
  if (m_lacks_primary) m_database.exec(make_first_primary);
  const std::int64_t customer_shift = last_id(m_database, "customer"), contact_shift = last_id(m_database, "contact");
  const Entries customers = count(m_database, "customer", "id", customer_shift);
  const Entries contacts = count(m_database, "contact", "customer_id", contact_shift);
  if (customer_shift == 0 && contact_shift == 0 && !has_matches(m_database)) {
    for (const char* copy : copies) m_database.exec(copy);
  } else {
    std::vector<std::string> indexes;
    if (is_mostly_new(m_database, customers)) {
      // Rows only go to the end then, and sorting takes a cache's memory for each of its threads.
      m_database.exec("PRAGMA main.cache_size = -2000");
      indexes = drop_indexes(m_database);
    }
    enter_rows(m_database, customer_shift, contact_shift);
    for (const std::string& index : indexes) m_database.exec(index);
  }
  if (customers.count > 0)
    record_range_created(m_database, operation, Entity::customer, customers.first, customers.last);
  if (contacts.count > 0) record_range_created(m_database, operation, Entity::contact, contacts.first, contacts.last);
  return {customers.count, contacts.count, ContactId{contacts.first}, ContactId{contacts.last}};
}

}  // namespace kundehub::sqlite
