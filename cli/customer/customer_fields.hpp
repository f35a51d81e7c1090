#pragma once

#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "core/model/customer.hpp"

namespace kundehub::cli {

/// `--cvr`, `--email`, … : one option for each text field of a customer.
struct CustomerFieldOptions {
  std::map<std::string_view, std::optional<std::string>> values;  ///< by the field's name

  /// Throws Error{bad_data}.
  void apply(CustomerData& customer) const;
  [[nodiscard]] bool any() const;
};

/// `skip`: fields that the command has another way to give.
void add_customer_fields(CLI::App& app, CustomerFieldOptions& options, const std::vector<std::string_view>& skip);

}  // namespace kundehub::cli
