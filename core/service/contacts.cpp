#include "core/service/contacts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/service/customers.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

void write_through(Operation& operation, Store& store, const ContactOverview& contact, const ContactData& after) {
  const auto customer = store.customer(contact.contact.customer);
  CustomerData data = customer->data;
  data.name = after.full_name();
  data.email = after.email;
  data.phone = after.phone;
  data.language = after.language.value_or(data.language);
  data.hub = after.hub;
  ContactData own = contact.contact.data;
  own.title = after.title;
  own.only_modules = after.only_modules;
  own.first_name = after.first_name;
  own.last_name = after.last_name;
  operation.change_contact(contact.contact.id, own);
  edit_customer(operation, store, *customer, data);
}

}  // namespace

ContactId add_contact(Operation& operation, const Customer& customer, const ContactData& contact) {
  if (customer.data.kind == CustomerKind::private_person) {
    const std::string& number = customer.number.text();
    throw Error(ErrorKind::conflict,
                tr("customer {} is private: a private customer is their own contact and has no others", number),
                tr("change the person with kundehub customer edit {}, or add a business", number));
  }
  check_business_contact(contact);
  return operation.add_contact(customer.id, contact);
}

void edit_contact(Operation& operation, Store& store, const ContactOverview& contact, const ContactData& after) {
  if (contact.customer_kind == CustomerKind::private_person) return write_through(operation, store, contact, after);
  check_business_contact(after);
  const ContactData& before = contact.contact.data;
  const ContactId id = contact.contact.id;
  const bool moves = before.email != after.email;
  const bool goes_off = before.hub == HubSwitch::on && after.hub == HubSwitch::off;
  if (moves || goes_off) end_invitation(operation, id, goes_off ? LinkEnd::revoked : LinkEnd::email_changed);
  operation.change_contact(id, after);
}

void check_deletable(const ContactOverview& contact) {
  if (contact.customer_kind == CustomerKind::private_person) {
    throw Error(ErrorKind::conflict,
                tr("customer {} is private: a private customer is their own contact, which cannot be deleted alone",
                   contact.customer_number.text()),
                tr("take the access away with kundehub hub revoke {}", contact.customer_number.text()));
  }
}

std::optional<ContactId> delete_contact(Operation& operation, Store& store, const ContactOverview& contact) {
  check_deletable(contact);
  operation.delete_contact(contact.contact.id);
  const auto left = contacts_of(store, contact.contact.customer, operation.at());
  if (left.empty() || std::any_of(left.begin(), left.end(), [](const auto& one) { return one.contact.data.primary; }))
    return std::nullopt;
  ContactData heir = left.front().contact.data;
  heir.primary = true;
  operation.change_contact(left.front().contact.id, heir);
  return left.front().contact.id;
}

}  // namespace kundehub
