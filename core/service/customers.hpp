#pragma once

#include <optional>
#include <vector>

#include "core/model/contact.hpp"
#include "core/model/customer.hpp"
#include "core/store/operation.hpp"
#include "core/store/store.hpp"

/// What a change of a customer means for its contacts, links and mails.
namespace kundehub {

struct NewCustomer {
  CustomerData data;
  std::optional<CustomerNumber> number;  ///< absent: the next free one
  std::vector<ContactData> contacts;     ///< business only (R10)
};

struct AddedCustomer {
  CustomerId id;
  std::vector<ContactId> contacts;  ///< a private customer's own, or the business's in the given order
};

/// Adds a customer with its contacts. A private customer gets the one contact that it is (R1); the HUB may be on before
/// there is a contact (R4). Throws Error{bad_data}, Error{conflict} (number taken, address twice, contacts for a
/// private customer), Error{not_found} (module).
AddedCustomer add_customer(Operation& operation, const NewCustomer& customer);

/// Makes a customer's data `after`, keeps a private customer's contact in step (R1), and ends the links and queued
/// mails that no longer may be (R13): of a private customer whose address changes, and of everyone when the HUB goes
/// off. Throws as add_customer.
void edit_customer(Operation& operation, Store& store, const Customer& customer, const CustomerData& after);

/// The only contact of a private customer, or all of a business's, in the order of their ids.
std::vector<ContactOverview> contacts_of(Store& store, CustomerId customer, Time now);

/// Ends a contact's login link and takes its mail out of the queue (R13).
void end_invitation(Operation& operation, ContactId contact, LinkEnd why);

}  // namespace kundehub
