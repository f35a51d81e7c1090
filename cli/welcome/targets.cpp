#include "cli/welcome/targets.hpp"

#include <set>

#include <fmt/format.h>

#include "core/service/customers.hpp"
#include "core/service/lookup.hpp"

namespace kundehub::cli {

void add_welcome_targets(CLI::App& app, WelcomeTargets& targets) {
  app.add_option("target", targets.targets,
                 "a customer (number, id:N, cvr:N, email:ADDRESS) or a contact (address, contact:N)")
      ->type_name("TARGET");
  app.add_option("--customer", targets.customer, "the customer, where an address occurs at several")
      ->type_name("CUSTOMER");
}

void each_target(Session& session, Store& store, const WelcomeTargets& targets,
                 const std::function<void(const ContactOverview&, TargetKind)>& visit) {
  std::optional<CustomerId> at;
  if (targets.customer) at = find_customer(store, *targets.customer).id;
  std::set<ContactId> seen;
  for (const std::string& target : targets.targets) {
    if (names_contact(target)) {
      const ContactOverview contact = find_contact(store, target, at, session.now());
      if (seen.insert(contact.contact.id).second) visit(contact, TargetKind::contact);
      continue;
    }
    const Customer customer = find_customer(store, target);
    const auto contacts = contacts_of(store, customer.id, session.now());
    if (contacts.empty()) {
      throw Error(ErrorKind::conflict,
                  fmt::format("customer {} has no contacts: there is nobody to write to", customer.number.text()),
                  fmt::format("kundehub contact add {} \"First Last <mail@example.dk>\"", customer.number.text()));
    }
    for (const ContactOverview& contact : contacts) {
      if (seen.insert(contact.contact.id).second) visit(contact, TargetKind::customer);
    }
  }
}

}  // namespace kundehub::cli
