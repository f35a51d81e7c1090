#include "core/store/sqlite/search_rows.hpp"

#include <future>
#include <mutex>
#include <new>
#include <string>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/store/sqlite/values.hpp"

namespace kundehub::sqlite {
namespace {

using Filter = std::function<bool(std::string_view)>;
using Visit = std::function<void(const SearchText&)>;

/// A table that is searched. Its rows begin with the customer's id and whether that is archived.
struct Searched {
  const char* table;
  const char* customer;  ///< the column of the customer's id
  const char* is_archived;
  const char* texts;
  std::vector<SearchField> fields;  ///< of the texts
};

const Searched customers_table{
    "customer",
    "id",
    "archived_at IS NOT NULL",
    "number, name, cvr, email, phone",
    {SearchField::number, SearchField::name, SearchField::cvr, SearchField::email, SearchField::phone}};

const Searched contacts_table{"contact",
                              "customer_id",
                              "(SELECT archived_at IS NOT NULL FROM customer WHERE customer.id = customer_id)",
                              "ifnull(first_name || ' ', '') || ifnull(last_name, ''), email, phone",
                              {SearchField::contact_name, SearchField::contact_email, SearchField::contact_phone}};

void visit_row(Statement& statement, const Searched& searched, const Visit& visit) {
  const CustomerId customer{statement.getColumn(0).getInt64()};
  const bool is_archived = statement.getColumn(1).getInt() != 0;
  for (std::size_t field = 0; field < searched.fields.size(); ++field) {
    const auto column = statement.getColumn(static_cast<int>(field) + 2);
    if (column.isNull()) continue;
    const std::string_view text(column.getText(), static_cast<std::size_t>(column.getBytes()));
    visit({customer, searched.fields[field], text, is_archived});
  }
}

void each_row_of(Connection& database, const Searched& searched, const std::string& customers, const Visit& visit) {
  Statement statement(
      database, fmt::format("SELECT {0}, {1}, {2} FROM {3} WHERE {0} IN (SELECT value FROM json_each(:customers)) "
                            "ORDER BY id",
                            searched.customer, searched.is_archived, searched.texts, searched.table));
  statement.bind(":customers", customers);
  while (statement.executeStep()) visit_row(statement, searched, visit);
}

/// SQL: `may_match(text, …)`, which asks the filter about the texts that are there.
void may_match(sqlite3_context* context, int count, sqlite3_value** values) noexcept {
  try {
    thread_local std::string texts;
    texts.clear();
    for (int i = 0; i < count; ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[i]));
      if (text) texts.append(text, static_cast<std::size_t>(sqlite3_value_bytes(values[i]))).append("\n");
    }
    const auto& filter = *static_cast<const Filter*>(sqlite3_user_data(context));
    sqlite3_result_int(context, filter(texts) ? 1 : 0);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

/// In short reads, so that no writer waits long.
void find_rows(Connection& database, const Searched& searched, const Filter& filter, const Visit& visit) {
  constexpr std::int64_t ids_of_a_read = 50'000;
  sqlite3_create_function(database.getHandle(), "may_match", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                          const_cast<Filter*>(&filter), may_match, nullptr, nullptr);
  const std::int64_t last =
      database.execAndGet(fmt::format("SELECT ifnull(max(id), 0) FROM {}", searched.table)).getInt64();
  for (std::int64_t after = 0; after < last; after += ids_of_a_read) {
    Statement statement(
        database, fmt::format("SELECT {}, {}, {} FROM {} WHERE id > :after AND id <= :until AND may_match({})",
                              searched.customer, searched.is_archived, searched.texts, searched.table, searched.texts));
    statement.bind(":after", after);
    statement.bind(":until", after + ids_of_a_read);
    while (statement.executeStep()) visit_row(statement, searched, visit);
  }
}

}  // namespace

void each_search_text(Connection& database, const std::vector<CustomerId>& customers, const Visit& visit) {
  const std::string ids = to_json_array(customers);
  each_row_of(database, customers_table, ids, visit);
  each_row_of(database, contacts_table, ids, visit);
}

void find_search_texts(Connection& database, const std::filesystem::path& path, const Filter& may_match,
                       const Visit& visit) {
  if (path.empty()) {
    find_rows(database, customers_table, may_match, visit);
    return find_rows(database, contacts_table, may_match, visit);
  }
  std::mutex visiting;
  const Visit visit_alone = [&](const SearchText& text) {
    const std::lock_guard lock(visiting);
    visit(text);
  };
  auto contacts = std::async(std::launch::async, [&] {
    Connection own = open_database(path);
    find_rows(own, contacts_table, may_match, visit_alone);
  });
  find_rows(database, customers_table, may_match, visit_alone);
  contacts.get();
}

}  // namespace kundehub::sqlite
