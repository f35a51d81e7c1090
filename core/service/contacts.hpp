#pragma once

#include <optional>

#include "core/model/overview.hpp"
#include "core/store/operation.hpp"
#include "core/store/store.hpp"

/// What a change of a contact means for its customer, links and mails.
namespace kundehub {

/// Adds a contact to a business. The first one is its primary contact. Throws Error{conflict} if the customer is
/// private (R1) or has a contact with this address (R12), Error{bad_data} if a required field is missing.
ContactId add_contact(Operation& operation, const Customer& customer, const ContactData& contact);

/// Makes a contact's data `after`; a private customer's goes through to the customer (R1). A new address and a switch
/// that goes off end the link and the queued mail (R13). Throws as add_contact.
void edit_contact(Operation& operation, Store& store, const ContactOverview& contact, const ContactData& after);

/// Throws Error{conflict} if the contact's customer is private (R1).
void check_deletable(const ContactOverview& contact);

/// Deletes a business's contact; its link dies and its mail leaves the queue (R13). The primary mark goes on to the
/// oldest contact left. Throws as check_deletable.
/// Returns who is the primary contact instead of it; absent if that has not changed.
std::optional<ContactId> delete_contact(Operation& operation, Store& store, const ContactOverview& contact);

}  // namespace kundehub
