#include "cli/customer/customer_fields.hpp"

#include <algorithm>

namespace kundehub::cli {

void CustomerFieldOptions::apply(CustomerData& customer) const {
  for (const CustomerField& field : customer_fields()) {
    const auto given = values.find(field.name);
    if (given != values.end() && given->second) field.set(customer, *given->second);
  }
}

bool CustomerFieldOptions::any() const {
  return std::any_of(values.begin(), values.end(), [](const auto& value) { return value.second.has_value(); });
}

void add_customer_fields(CLI::App& app, CustomerFieldOptions& options, const std::vector<std::string_view>& skip) {
  for (const CustomerField& field : customer_fields()) {
    if (std::find(skip.begin(), skip.end(), field.name) != skip.end()) continue;
    app.add_option("--" + std::string(field.name), options.values[field.name], std::string(field.help))
        ->type_name("TEXT");
  }
}

}  // namespace kundehub::cli
