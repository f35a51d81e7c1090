#include "core/store/sqlite/filter.hpp"

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/text/terminal.hpp"

namespace kundehub::sqlite {
namespace {

/// The column of a field in `--where`. Names come from the field table, so nothing foreign reaches the SQL.
std::string where_column(const std::string& field) {
  if (field == "number" || field == "kind") return "customer." + field;
  return fmt::format("customer.{}", customer_field(field).name);
}

}  // namespace

FilterSql::FilterSql(const CustomerFilter& filter, const std::string& contact_state) {
  if (filter.archived == ArchivedFilter::active) m_conditions.emplace_back("customer.archived_at IS NULL");
  if (filter.archived == ArchivedFilter::archived) m_conditions.emplace_back("customer.archived_at IS NOT NULL");
  add_switches(filter);
  add_sets(filter);
  if (filter.welcome) {
    add_text(
        fmt::format("EXISTS (SELECT 1 FROM contact WHERE contact.customer_id = customer.id AND {} = ?)", contact_state),
        std::string(to_string(*filter.welcome)));
  }
  for (const auto& [field, value] : filter.where) {
    add_text(fmt::format("ifnull({}, '') = ?", where_column(field)), value);
  }
}

void FilterSql::add_switches(const CustomerFilter& filter) {
  if (filter.kind) add_text("customer.kind = ?", std::string(to_string(*filter.kind)));
  if (filter.hub) {
    add("customer.hub = ?",
        [hub = *filter.hub](Statement& statement, const char* name) { statement.bind(name, to_int(hub)); });
  }
  if (filter.since) {
    add("customer.updated_at >= ?",
        [since = *filter.since](Statement& statement, const char* name) { bind_time(statement, name, since); });
  }
}

void FilterSql::add_sets(const CustomerFilter& filter) {
  if (filter.customers.size() == 1) {
    add("customer.id = ?",
        [id = filter.customers.front()](Statement& statement, const char* name) { statement.bind(name, id.value); });
  } else if (!filter.customers.empty()) {
    add_text("customer.id IN (SELECT value FROM json_each(?))", to_json_array(filter.customers));
  }
  for (const std::string& tag : filter.tags) {
    add_text("customer.id IN (SELECT customer_id FROM customer_tag WHERE tag = ?)", tag);
  }
  if (filter.module) {
    add_text(
        "customer.id IN (SELECT customer_id FROM customer_module JOIN module ON module.id = module_id WHERE key = ?)",
        *filter.module);
  }
}

std::string FilterSql::condition() const {
  return m_conditions.empty() ? "TRUE" : fmt::format("{}", fmt::join(m_conditions, " AND "));
}

void FilterSql::bind(Statement& statement) const {
  for (const auto& binder : m_binders) binder(statement);
}

void FilterSql::add(std::string sql, std::function<void(Statement&, const char*)> bind_value) {
  const std::string name = fmt::format(":filter{}", m_binders.size());
  m_conditions.push_back(sql.replace(sql.rfind('?'), 1, name));
  m_binders.push_back(
      [name, bind_value = std::move(bind_value)](Statement& statement) { bind_value(statement, name.c_str()); });
}

void FilterSql::add_text(std::string sql, std::string value) {
  add(std::move(sql),
      [value = std::move(value)](Statement& statement, const char* name) { statement.bind(name, value); });
}

}  // namespace kundehub::sqlite
