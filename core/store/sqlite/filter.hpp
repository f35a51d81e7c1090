#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/model/selector.hpp"
#include "core/store/sqlite/connection.hpp"

namespace kundehub::sqlite {

/// A CustomerFilter as the condition of a WHERE over a row named `customer`; it may use `:now`.
class FilterSql {
 public:
  /// `contact_state`: SQL for the welcome state of one row named `contact`. Throws Error{usage} for an unknown field.
  FilterSql(const CustomerFilter& filter, const std::string& contact_state);

  /// Never empty.
  [[nodiscard]] std::string condition() const;

  void bind(Statement& statement) const;

 private:
  void add_switches(const CustomerFilter& filter);
  void add_sets(const CustomerFilter& filter);

  /// Adds a condition with one parameter, written as `?` in `sql`.
  void add(std::string sql, std::function<void(Statement&, const char*)> bind_value);
  void add_text(std::string sql, std::string value);

  std::vector<std::string> m_conditions;
  std::vector<std::function<void(Statement&)>> m_binders;
};

}  // namespace kundehub::sqlite
