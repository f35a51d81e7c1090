#include "core/store/sqlite/search_rows.hpp"

#include <array>
#include <string>

#include <fmt/format.h>

#include "core/store/sqlite/values.hpp"

namespace kundehub::sqlite {
namespace {

constexpr std::array customer_fields{SearchField::number, SearchField::name, SearchField::cvr, SearchField::email,
                                     SearchField::phone};
constexpr const char* select_customers = R"sql(
  SELECT id, id, archived_at IS NOT NULL, number, name, cvr, email, phone FROM customer
  WHERE id > :after AND {} ORDER BY id LIMIT :limit
)sql";

constexpr std::array contact_fields{SearchField::contact_name, SearchField::contact_email, SearchField::contact_phone};
constexpr const char* select_contacts = R"sql(
  SELECT id, customer_id, FALSE, ifnull(first_name || ' ', '') || ifnull(last_name, ''), email, phone FROM contact
  WHERE id > :after AND {} ORDER BY id LIMIT :limit
)sql";

/// Visits the rows in short reads, so that no writer waits long: `visit` must not be slow.
template <class Fields>
void each_row(Connection& database, const std::string& sql, const Fields& fields, const std::string& customers,
              const std::function<void(const SearchText&)>& visit) {
  constexpr int batch_size = 10'000;
  std::int64_t after = 0;
  for (int read = batch_size; read == batch_size;) {
    read = 0;
    Statement statement(database, sql);
    statement.bind(":after", after);
    statement.bind(":limit", batch_size);
    if (!customers.empty()) statement.bind(":customers", customers);
    for (; statement.executeStep(); ++read) {
      after = statement.getColumn(0).getInt64();
      const CustomerId customer{statement.getColumn(1).getInt64()};
      const bool is_archived = statement.getColumn(2).getInt() != 0;
      for (std::size_t field = 0; field < fields.size(); ++field) {
        const auto column = statement.getColumn(static_cast<int>(field) + 3);
        if (column.isNull()) continue;
        visit({customer, fields[field], {column.getText(), static_cast<std::size_t>(column.getBytes())}, is_archived});
      }
    }
  }
}

}  // namespace

void each_search_text(Connection& database, const std::vector<CustomerId>& customers,
                      const std::function<void(const SearchText&)>& visit) {
  const std::string ids = customers.empty() ? "" : to_json_array(customers);
  const auto within = [&](const char* column) {
    return ids.empty() ? std::string("TRUE") : fmt::format("{} IN (SELECT value FROM json_each(:customers))", column);
  };
  each_row(database, fmt::format(fmt::runtime(select_customers), within("id")), customer_fields, ids, visit);
  each_row(database, fmt::format(fmt::runtime(select_contacts), within("customer_id")), contact_fields, ids, visit);
}

}  // namespace kundehub::sqlite
