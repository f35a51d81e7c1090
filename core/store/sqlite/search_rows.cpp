#include "core/store/sqlite/search_rows.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <future>
#include <mutex>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/store/sqlite/values.hpp"

namespace kundehub::sqlite {
namespace {

using Filter = std::function<bool(std::string_view)>;
using Visit = std::function<void(const SearchText&)>;

constexpr std::array customer_fields{SearchField::number, SearchField::name, SearchField::cvr, SearchField::email,
                                     SearchField::phone};
constexpr std::array contact_fields{SearchField::contact_name, SearchField::contact_email, SearchField::contact_phone};

/// A table that is searched. Its rows begin with the customer's id and whether that is archived.
struct Searched {
  std::string_view table;
  std::string_view customer;  ///< the column of the customer's id
  std::string_view is_archived;
  std::string_view texts;
  std::span<const SearchField> fields;  ///< of the texts
  std::string_view stored;              ///< what the texts are made of
};

constexpr Searched customers_table{"customer",
                                   "id",
                                   "archived_at IS NOT NULL",
                                   "number, name, cvr, email, phone",
                                   customer_fields,
                                   "number, name, cvr, email, phone"};

constexpr Searched contacts_table{"contact",
                                  "customer_id",
                                  "(SELECT archived_at IS NOT NULL FROM customer WHERE customer.id = customer_id)",
                                  "ifnull(first_name || ' ', '') || ifnull(last_name, ''), email, phone",
                                  contact_fields,
                                  "first_name, last_name, email, phone"};

constexpr const char* select_of_customers = R"sql(
  SELECT {0}, {1}, {2} FROM {3} WHERE {0} IN (SELECT value FROM json_each(:customers)) ORDER BY id
)sql";

constexpr const char* select_range = R"sql(
  SELECT {}, {}, {} FROM {} WHERE id > :after AND id <= :until AND may_match({})
)sql";

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
  Statement statement(database, fmt::format(fmt::runtime(select_of_customers), searched.customer, searched.is_archived,
                                            searched.texts, searched.table));
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

/// `may_match` in a connection's SQL, as long as this lives.
class FilterFunction {
 public:
  FilterFunction(Connection& database, const Filter& filter) : m_database(database) {
    if (define(const_cast<Filter*>(&filter), may_match) != SQLITE_OK) throw SQLite::Exception(database.getHandle());
  }
  FilterFunction(const FilterFunction&) = delete;
  FilterFunction& operator=(const FilterFunction&) = delete;
  ~FilterFunction() { define(nullptr, nullptr); }

 private:
  int define(Filter* filter, void (*function)(sqlite3_context*, int, sqlite3_value**)) {
    return sqlite3_create_function(m_database.getHandle(), "may_match", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, filter,
                                   function, nullptr, nullptr);
  }

  Connection& m_database;
};

/// Rows of a table that are read in one go, which is short, so that no writer waits long.
struct Range {
  static constexpr std::int64_t size = 50'000;
  const Searched* searched;
  std::int64_t after;  ///< the id before the first
};

std::vector<Range> divide(Connection& database) {
  std::vector<Range> ranges;
  for (const Searched* searched : {&customers_table, &contacts_table}) {
    const std::int64_t last =
        database.execAndGet(fmt::format("SELECT ifnull(max(id), 0) FROM {}", searched->table)).getInt64();
    for (std::int64_t after = 0; after < last; after += Range::size) ranges.push_back({searched, after});
  }
  return ranges;
}

/// Several threads take one range after the other.
class Search {
 public:
  Search(std::vector<Range> ranges, const Filter& filter, const Visit& visit)
      : m_ranges(std::move(ranges)), m_filter(filter), m_visit(visit) {}

  void take_part(Connection& database) {
    const FilterFunction function(database, m_filter);
    for (std::size_t next = m_next++; next < m_ranges.size(); next = m_next++) read(database, m_ranges[next]);
  }

  /// A second thread is worth its start.
  [[nodiscard]] bool is_large() const { return m_ranges.size() > 2; }

 private:
  void read(Connection& database, const Range& range) {
    const Searched& searched = *range.searched;
    Statement statement(database, fmt::format(fmt::runtime(select_range), searched.customer, searched.is_archived,
                                              searched.texts, searched.table, searched.stored));
    statement.bind(":after", range.after);
    statement.bind(":until", range.after + Range::size);
    while (statement.executeStep()) {
      const std::lock_guard lock(m_visiting);
      visit_row(statement, searched, m_visit);
    }
  }

  const std::vector<Range> m_ranges;
  const Filter& m_filter;
  const Visit& m_visit;
  std::atomic<std::size_t> m_next = 0;
  std::mutex m_visiting;
};

}  // namespace

void each_search_text(Connection& database, const std::vector<CustomerId>& customers, const Visit& visit) {
  const std::string ids = to_json_array(customers);
  each_row_of(database, customers_table, ids, visit);
  each_row_of(database, contacts_table, ids, visit);
}

void find_search_texts(Connection& database, const std::filesystem::path& path, const Filter& may_match,
                       const Visit& visit) {
  Search search(divide(database), may_match, visit);
  std::future<void> helper;
  try {
    if (!path.empty() && search.is_large()) {
      helper = std::async(std::launch::async, [&] {
        Connection own = open_database(path);
        search.take_part(own);
      });
    }
  } catch (const std::system_error&) {  // no thread is to be had: this one does it all
  }
  search.take_part(database);
  if (helper.valid()) helper.get();
}

}  // namespace kundehub::sqlite
