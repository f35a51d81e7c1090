#include "core/service/customer_life.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/service/customers.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

void check_person(const Customer& customer, const ContactData& person) {
  try {
    check_business_contact(person);
  } catch (const Error& error) {
    const std::string& number = customer.number.text();
    throw Error(ErrorKind::bad_data, tr("customer {} cannot become a business yet: {}", number, error.what()),
                fmt::format("kundehub customer edit {} {}", number,
                            person.email ? "--name \"First Last\"" : "--email name@example.dk"));
  }
}

void become_business(Operation& operation, const Customer& customer, const ContactOverview& person,
                     const std::optional<std::string>& name) {
  check_person(customer, person.contact.data);
  CustomerData business = customer.data;
  business.kind = CustomerKind::business;
  if (name) customer_field("name").set(business, *name);
  operation.change_customer(customer.id, business);
  ContactData contact = person.contact.data;
  contact.primary = true;
  contact.hub = HubSwitch::on;  // was the customer's, which still decides
  operation.change_contact(person.contact.id, contact);
}

const ContactOverview& only_contact(const Customer& customer, const std::vector<ContactOverview>& contacts) {
  if (contacts.size() == 1) return contacts.front();
  const std::string& number = customer.number.text();
  throw Error(ErrorKind::conflict,
              tr("customer {} has {} contacts: a private customer is their own contact, and the only one", number,
                 contacts.size()),
              contacts.empty() ? fmt::format("kundehub contact add {} \"First Last <mail@example.dk>\"", number)
                               : tr("delete the others with kundehub contact delete"));
}

/// The customer that the person is; what the business had and the person has not is dropped, and told.
CustomerData person_of(const CustomerData& business, const ContactOverview& contact,
                       std::vector<std::string>& dropped) {
  const ContactData& data = contact.contact.data;
  CustomerData person = business;
  person.kind = CustomerKind::private_person;
  person.name = data.full_name();
  person.cvr.reset();
  person.email = data.email;
  if (!data.phone.empty()) person.phone = data.phone;
  person.language = contact.language();
  if (data.hub == HubSwitch::off) person.hub = HubSwitch::off;
  for (const std::string_view name : {"name", "cvr", "email", "phone"}) {
    const std::string before = customer_field(name).get(business);
    if (!before.empty() && before != customer_field(name).get(person))
      dropped.push_back(tr("the business's {} {}", name, text::quoted(before)));
  }
  return person;
}

}  // namespace

void archive_customer(Operation& operation, Store& store, const Customer& customer) {
  if (customer.archived_at) return;
  for (const ContactOverview& contact : contacts_of(store, customer.id, operation.at()))
    end_invitation(operation, contact.contact.id, LinkEnd::archived);
  operation.archive_customer(customer.id);
}

void unarchive_customer(Operation& operation, const Customer& customer) {
  operation.unarchive_customer(customer.id);
}

std::vector<std::string> convert_customer(Operation& operation, Store& store, const Customer& customer, CustomerKind to,
                                          const std::optional<std::string>& name) {
  if (customer.data.kind == to) {
    throw Error(ErrorKind::conflict, to == CustomerKind::business
                                         ? tr("customer {} is a business already", customer.number.text())
                                         : tr("customer {} is private already", customer.number.text()));
  }
  const auto contacts = contacts_of(store, customer.id, operation.at());
  std::vector<std::string> dropped;
  if (to == CustomerKind::business) {
    only_contact(customer, contacts);
    become_business(operation, customer, contacts.front(), name);
  } else {
    const ContactOverview& contact = only_contact(customer, contacts);
    CustomerData person = person_of(customer.data, contact, dropped);
    if (name) customer_field("name").set(person, *name);
    Customer before = customer;
    before.data.email = contact.contact.data.email;  // it is the person's address that the link went to
    edit_customer(operation, store, before, person);
  }
  return dropped;
}

}  // namespace kundehub
