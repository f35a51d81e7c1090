#include "core/service/customers.hpp"

#include <set>
#include <string>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

/// What a private customer's contact has of its own stays: its title and its modules.
ContactData in_step(const CustomerData& customer, const ContactData& contact) {
  ContactData data = contact_of_private(customer);
  data.title = contact.title;
  data.only_modules = contact.only_modules;
  if (contact.full_name() == customer.name) {  // where the name divides is the admin's to say
    data.first_name = contact.first_name;
    data.last_name = contact.last_name;
  }
  return data;
}

bool same_address(const std::optional<EmailAddress>& a, const std::optional<EmailAddress>& b) {
  return a.has_value() == b.has_value() && (!a || *a == *b);
}

void check_new_contacts(const std::vector<ContactData>& contacts) {
  std::set<std::string> addresses;
  for (const ContactData& contact : contacts) {
    check_business_contact(contact);
    if (addresses.insert(contact.email->key()).second) continue;
    throw Error(ErrorKind::conflict, tr("the contact \"{}\" is given twice", contact.email->text()),
                tr("an address is unique within a customer: leave one out"));
  }
}

}  // namespace

AddedCustomer add_customer(Operation& operation, const NewCustomer& customer) {
  check(customer.data);
  const bool is_private = customer.data.kind == CustomerKind::private_person;
  if (is_private && !customer.contacts.empty()) {
    throw Error(ErrorKind::conflict, tr("a private customer is their own contact and has no others"),
                tr("create a business, or leave out --contact and give the person's --email"));
  }
  check_new_contacts(customer.contacts);

  AddedCustomer added{operation.add_customer(customer.data, customer.number), {}};
  if (is_private) added.contacts.push_back(operation.add_contact(added.id, contact_of_private(customer.data)));
  for (const ContactData& contact : customer.contacts) {
    ContactData data = contact;
    data.primary = added.contacts.empty();
    added.contacts.push_back(operation.add_contact(added.id, data));
  }
  return added;
}

void edit_customer(Operation& operation, Store& store, const Customer& customer, const CustomerData& after) {
  check(after);
  operation.change_customer(customer.id, after);
  const bool goes_off = customer.data.hub == HubSwitch::on && after.hub == HubSwitch::off;
  const bool is_private = after.kind == CustomerKind::private_person;
  const bool moves = is_private && !same_address(customer.data.email, after.email);
  if (!goes_off && !is_private) return;  // nothing of it reaches a business's contacts
  for (const ContactOverview& contact : contacts_of(store, customer.id, operation.at())) {
    const ContactId id = contact.contact.id;
    if (goes_off || moves) end_invitation(operation, id, goes_off ? LinkEnd::revoked : LinkEnd::email_changed);
    if (is_private) operation.change_contact(id, in_step(after, contact.contact.data));
  }
}

std::vector<ContactOverview> contacts_of(Store& store, CustomerId customer, Time now) {
  std::vector<ContactOverview> contacts;
  CustomerFilter filter;
  filter.customers = {customer};
  filter.archived = ArchivedFilter::all;
  store.each_contact(filter, now, [&](const ContactOverview& contact) { contacts.push_back(contact); });
  return contacts;
}

void end_invitation(Operation& operation, ContactId contact, LinkEnd why) {
  operation.end_link(contact, why);
  operation.cancel_welcome(contact);
}

}  // namespace kundehub
