#include "core/service/hub_access.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/service/contacts.hpp"
#include "core/service/customers.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

void check_belongs(const Customer& customer, const std::vector<ContactOverview>& own,
                   const std::vector<ContactId>& named) {
  for (const ContactId id : named) {
    const bool found =
        std::any_of(own.begin(), own.end(), [&](const ContactOverview& contact) { return contact.contact.id == id; });
    if (found) continue;
    throw Error(ErrorKind::not_found, tr("customer {} has no contact contact:{}", customer.number.text(), id.value),
                fmt::format("kundehub contact list {}", customer.number.text()));
  }
}

void check_may_have_access(const Customer& customer, const std::vector<ContactOverview>& contacts) {
  const std::string& number = customer.number.text();
  if (customer.archived_at) {
    throw Error(ErrorKind::conflict, tr("customer {} is archived: archiving ends all access", number),
                fmt::format("kundehub customer unarchive {}", number));
  }
  if (contacts.empty()) {
    throw Error(ErrorKind::conflict,
                tr("customer {} has no contacts: a business needs one before HUB access can be granted", number),
                fmt::format("kundehub contact add {} \"First Last <mail@example.dk>\"", number));
  }
}

bool is_named(const std::vector<ContactId>& named, ContactId id) {
  return std::find(named.begin(), named.end(), id) != named.end();
}

void set_switch(Operation& operation, Store& store, const ContactOverview& contact, HubSwitch hub) {
  ContactData data = contact.contact.data;
  data.hub = hub;
  edit_contact(operation, store, contact, data);
}

}  // namespace

void check_modules(Store& store, const std::vector<std::string>& named) {
  if (named.empty()) return;
  const std::vector<Module> modules = store.modules();
  std::vector<std::string_view> keys;
  for (const Module& module : modules) keys.push_back(module.key);
  for (const std::string& name : named) {
    if (std::find(keys.begin(), keys.end(), name) != keys.end()) continue;
    if (name.find(',') != std::string::npos)
      throw Error(ErrorKind::not_found, tr("no module {}", text::quoted(name)), tr("give each module by itself"));
    const auto near = text::nearest(name, keys);
    throw Error(ErrorKind::not_found, tr("no module {}", text::quoted(name)),
                near ? tr("did you mean {}", *near) : tr("modules: {}", fmt::join(keys, " ")));
  }
}

void grant_access(Operation& operation, Store& store, const Customer& customer, const Grant& grant) {
  const auto contacts = contacts_of(store, customer.id, operation.at());
  check_may_have_access(customer, contacts);
  check_belongs(customer, contacts, grant.contacts);
  check_modules(store, grant.modules);

  CustomerData data = customer.data;
  data.hub = HubSwitch::on;
  for (const std::string& module : grant.modules) insert_sorted(data.modules, module);
  edit_customer(operation, store, customer, data);
  if (customer.data.kind == CustomerKind::private_person) return;  // their switch is the customer's (R1)
  for (const ContactOverview& contact : contacts) {
    if (grant.scope == ContactScope::all || is_named(grant.contacts, contact.contact.id)) {
      set_switch(operation, store, contact, HubSwitch::on);
    }
  }
}

void revoke_access(Operation& operation, Store& store, const Customer& customer, const Revocation& revocation) {
  const auto contacts = contacts_of(store, customer.id, operation.at());
  check_belongs(customer, contacts, revocation.contacts);
  check_modules(store, revocation.modules);

  CustomerData data = customer.data;
  const bool all = revocation.contacts.empty() && revocation.modules.empty();
  if (all) data.hub = HubSwitch::off;
  for (const std::string& module : revocation.modules) std::erase(data.modules, module);
  edit_customer(operation, store, customer, data);
  for (const ContactOverview& contact : contacts) {
    if (!is_named(revocation.contacts, contact.contact.id)) continue;
    set_switch(operation, store, contact, HubSwitch::off);
    end_invitation(operation, contact.contact.id, LinkEnd::revoked);  // also where the switch is off already
  }
}

}  // namespace kundehub
