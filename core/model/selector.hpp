#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/model/customer.hpp"
#include "core/model/ids.hpp"
#include "core/model/welcome.hpp"

namespace kundehub {

/// How a command names a customer: a number, `id:N`, `cvr:NNNNNNNN`, `email:ADDRESS`.
using CustomerSelector = std::variant<CustomerNumber, CustomerId, Cvr, EmailAddress>;

/// A bare word is a number unless it holds an @. Throws Error{bad_data}.
CustomerSelector parse_customer_selector(std::string_view text);

/// How a command names a contact: `contact:N` or an e-mail address.
using ContactSelector = std::variant<ContactId, EmailAddress>;

/// Throws Error{bad_data}.
ContactSelector parse_contact_selector(std::string_view text);

/// How a command names an operation: `op:N`, or N alone. Throws Error{bad_data}.
OperationId parse_operation_selector(std::string_view text);

/// True for `contact:N` and a bare address: where a command takes customers and contacts, this word is a contact.
bool names_contact(std::string_view text);

enum class ArchivedFilter { active, archived, all };

/// Which customers, and so which contacts, a list shows. Every condition that is set has to hold.
struct CustomerFilter {
  std::vector<CustomerId> customers;  ///< empty: every customer
  std::optional<CustomerKind> kind;
  std::vector<std::string> tags;                           ///< all of them
  std::optional<HubSwitch> hub;                            ///< the customer's
  std::optional<std::string> module;                       ///< switched on
  std::optional<WelcomeState> welcome;                     ///< of a contact
  std::optional<Time> since;                               ///< created or changed at or after
  std::vector<std::pair<std::string, std::string>> where;  ///< field name, text it equals
  ArchivedFilter archived = ArchivedFilter::active;
};

/// In which order a list of customers comes.
enum class CustomerOrder { number, name, created_at, updated_at };
enum class Direction { ascending, descending };

/// A page of a list.
struct CustomerPage {
  CustomerOrder order = CustomerOrder::number;
  Direction direction = Direction::ascending;
  std::optional<CustomerNumber> after;  ///< only what comes behind this customer in the order
  std::optional<std::int64_t> limit;
};

}  // namespace kundehub
