#pragma once

#include <optional>
#include <vector>

#include "core/model/contact.hpp"
#include "core/model/selector.hpp"
#include "core/store/sqlite/connection.hpp"

/// The contact table. Functions run inside the caller's transaction.
namespace kundehub::sqlite {

/// The columns that read_contact expects, in its order, of a row named `contact`.
extern const char* const contact_columns;

/// How many columns contact_columns has.
constexpr int contact_column_count = 16;

/// Reads the row's columns from `first` on.
Contact read_contact(Statement& statement, int first);

/// Throws Error{conflict} on a second contact with the same address at one customer.
ContactId insert_contact(Connection& database, CustomerId customer, const ContactData& contact, Time now);

/// Throws as insert_contact. The times of the HUB switch and of the address change only with them.
void update_contact(Connection& database, const Contact& present, const ContactData& contact, Time now);

/// To another customer, whose primary contact it is not. Throws as insert_contact.
void move_contact(Connection& database, const Contact& present, CustomerId customer, Time now);

void delete_contact(Connection& database, ContactId id);

std::optional<Contact> select_contact(Connection& database, ContactId id);

/// The customer's contact that is marked as primary. Absent if none is.
std::vector<ContactId> primary_contacts(Connection& database, CustomerId customer);

/// In the order of their ids.
std::vector<ContactId> contacts_of(Connection& database, CustomerId customer);

/// In the order of their ids.
std::vector<ContactId> find_contacts(Connection& database, const ContactSelector& selector,
                                     std::optional<CustomerId> customer);

}  // namespace kundehub::sqlite
