#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/model/overview.hpp"
#include "core/store/store.hpp"

namespace kundehub::cli {

/// The customer's contacts that --contact has named. Throws as find_contact.
std::vector<ContactId> named_contacts(Session& session, Store& store, const std::vector<std::string>& selectors,
                                      CustomerId customer);

/// Prints to `out` who of these customers may log in, one record a contact: the `named` ones, or all if none is named.
void write_access(Session& session, Store& store, const std::vector<CustomerId>& customers,
                  const std::vector<ContactId>& named, std::ostream& out);

/// True if none is named, or this one is.
bool is_in_scope(const std::vector<ContactId>& named, ContactId contact);

/// Says if the contact may not log in, and what is missing.
void tell_if_locked_out(Session& session, const ContactOverview& contact);

bool nobody_may_log_in(const std::vector<ContactOverview>& contacts, Time now);

/// Of how many customers a command says in words what became of them; of the others it says that there are more.
constexpr std::size_t most_told = 10;

/// Says of each of these customers if nobody may log in, and what is missing (R15); of the first most_told.
void tell_if_nobody(Session& session, Store& store, const std::vector<CustomerId>& customers);

/// All contacts of these customers.
std::vector<ContactOverview> contacts_of_all(Session& session, Store& store, const std::vector<CustomerId>& customers);

}  // namespace kundehub::cli
