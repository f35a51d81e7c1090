#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/model/customer.hpp"
#include "core/model/selector.hpp"
#include "core/store/sqlite/connection.hpp"

/// The customer table with its tags and modules. Functions run inside the caller's transaction.
namespace kundehub::sqlite {

/// The columns that read_customer expects, in its order, of a row named `customer`.
extern const char* const customer_columns;

/// Reads the row's columns from `first` on.
Customer read_customer(Statement& statement, int first);

/// Without a number the next one is taken from the counter. Throws Error{conflict} if the number is taken.
CustomerId insert_customer(Connection& database, const CustomerData& customer,
                           const std::optional<CustomerNumber>& number, Time now);

/// `present` is what the store has. The HUB switch's time changes only with the switch.
void update_customer(Connection& database, const Customer& present, const CustomerData& customer, Time now);

/// `at` is absent for a customer that is active again.
void set_archived(Connection& database, CustomerId id, const std::optional<Time>& at, Time now);

/// With contacts, tags, switches and links.
void delete_customer(Connection& database, CustomerId id);

/// Notes that a customer, which is still there, is about to go into another one.
void insert_merged_customer(Connection& database, CustomerId id, CustomerId into);

/// Absent if no customer of this number was merged.
std::optional<CustomerId> select_merged_into(Connection& database, const CustomerNumber& number);

std::optional<Customer> select_customer(Connection& database, CustomerId id);

/// In the order of their numbers.
std::vector<CustomerId> find_customers(Connection& database, const CustomerSelector& selector);

}  // namespace kundehub::sqlite
