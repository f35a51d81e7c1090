#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/overview.hpp"
#include "core/store/store.hpp"

/// From the words of a command to the records they name.
namespace kundehub {

/// Throws Error{not_found}, or Error{conflict} with the candidates if several customers fit.
Customer find_customer(Store& store, std::string_view selector);

/// As find_customer, and one that is deleted is found by `id:N` and by its number. For what is told of the past.
CustomerId find_past_customer(Store& store, std::string_view selector);

/// Throws Error{not_found}, Error{bad_data}.
OperationEntry find_operation(Store& store, std::string_view selector);

/// How a message names these customers: `1001 (Nordlys ApS), 1002 (Anna Berg)`, the first ten of them.
std::string name_customers(Store& store, const std::vector<CustomerId>& customers);

/// As lists show it. Throws Error{not_found} if it has gone.
CustomerOverview find_customer_overview(Store& store, CustomerId id, Time now);

/// With `customer`, only that customer's contacts are looked at. Throws as find_customer.
ContactOverview find_contact(Store& store, std::string_view selector, std::optional<CustomerId> customer, Time now);

}  // namespace kundehub
