#include "core/store/sqlite/customer_text_rows.hpp"

#include <string>

#include <fmt/format.h>

#include "core/store/sqlite/filter.hpp"
#include "core/store/sqlite/overview_rows.hpp"
#include "core/store/sqlite/values.hpp"

namespace kundehub::sqlite {
namespace {

/// Whoever reads slowly must not lock the writers out: rows are read in batches, and visited with no statement open.
constexpr int batch_size = 500;

// The columns of CustomerText, and behind them the customer's id.
constexpr const char* select_customers = R"sql(
  SELECT number, kind, name, cvr, email, phone, address, zip, city, country, language, website, notes,
    (SELECT group_concat(tag, ',') FROM (SELECT tag FROM customer_tag WHERE customer_id = customer.id ORDER BY tag)),
    iif(hub, 'on', 'off'),
    (SELECT group_concat(key, ',') FROM (SELECT key FROM customer_module JOIN module ON module.id = module_id
                                         WHERE customer_id = customer.id ORDER BY key)),
    id
  FROM customer WHERE {} AND :now IS NOT NULL AND {} LIMIT :limit
)sql";

constexpr const char* select_contacts = R"sql(
  SELECT first_name, last_name, email, phone, title, language, iif(hub, 'on', 'off'), iif(is_primary, 'yes', NULL)
  FROM contact WHERE customer_id = :customer ORDER BY id
)sql";

/// The texts of a batch, one behind the other, so that a row costs no memory of its own.
class Batch {
 public:
  void clear() {
    m_text.clear();
    m_ends.clear();
    m_contacts.clear();
  }

  void add_columns(Statement& statement, std::size_t columns) {
    for (std::size_t column = 0; column < columns; ++column) {
      const auto value = statement.getColumn(static_cast<int>(column));
      m_text.append(value.getText(""), static_cast<std::size_t>(value.getBytes()));
      m_ends.push_back(m_text.size());
    }
  }

  /// Called once for each customer, after its contacts.
  void end_customer(std::size_t contacts) { m_contacts.push_back(contacts); }

  [[nodiscard]] std::size_t size() const { return m_contacts.size(); }

  void visit(const std::function<void(const CustomerText&)>& visitor) const {
    std::size_t cell = 0;
    CustomerText row;
    for (const std::size_t contacts : m_contacts) {
      row.contacts.resize(contacts);
      take(row.customer, cell);
      for (ContactColumns& contact : row.contacts) take(contact, cell);
      visitor(row);
    }
  }

 private:
  template <class Columns>
  void take(Columns& columns, std::size_t& cell) const {
    for (std::string_view& column : columns) {
      const std::size_t start = cell == 0 ? 0 : m_ends[cell - 1];
      column = std::string_view(m_text).substr(start, m_ends[cell] - start);
      ++cell;
    }
  }

  std::string m_text;
  std::vector<std::size_t> m_ends, m_contacts;
};

std::size_t add_contacts(Connection& database, std::int64_t customer, Batch& batch) {
  Statement statement(database, select_contacts);
  statement.bind(":customer", customer);
  std::size_t contacts = 0;
  for (; statement.executeStep(); ++contacts) batch.add_columns(statement, contact_text_columns.size());
  return contacts;
}

/// Fills the batch with customers behind `after`, which becomes the last one's number.
void read_more(Connection& database, const FilterSql& where, const std::string& place, ContactsToo contacts, Time now,
               std::string& after, Batch& batch) {
  Statement statement(database, fmt::format(fmt::runtime(select_customers), where.condition(), place));
  where.bind(statement);
  bind_time(statement, ":now", now);
  statement.bind(":after", after);
  statement.bind(":limit", batch_size - static_cast<int>(batch.size()));
  while (statement.executeStep()) {
    batch.add_columns(statement, customer_text_columns.size());
    after = statement.getColumn(0).getString();
    const bool is_business = statement.getColumn(1).getString() == "business";
    const std::int64_t id = statement.getColumn(static_cast<int>(customer_text_columns.size())).getInt64();
    batch.end_customer(contacts == ContactsToo::yes && is_business ? add_contacts(database, id, batch) : 0);
  }
}

}  // namespace

void each_customer_text(Connection& database, const CustomerFilter& filter, ContactsToo contacts, Time now,
                        const std::function<void(const CustomerText&)>& visit) {
  const FilterSql where(filter, contact_state());
  std::string after;
  Batch batch;
  do {
    batch.clear();
    for (const std::string& place : places_behind(Direction::ascending)) {
      read_more(database, where, place, contacts, now, after, batch);
    }
    batch.visit(visit);
  } while (batch.size() == batch_size);
}

}  // namespace kundehub::sqlite
