#include "cli/welcome/targets.hpp"

#include <set>

#include <fmt/format.h>

#include "core/service/customers.hpp"
#include "core/service/lookup.hpp"

namespace kundehub::cli {
namespace {

std::vector<ContactOverview> contacts_of_target(Session& session, Store& store, const std::string& target,
                                                std::optional<CustomerId> at, EmptyCustomer empty) {
  if (names_contact(target)) return {find_contact(store, target, at, session.now())};
  const Customer customer = find_customer(store, target);
  auto contacts = contacts_of(store, customer.id, session.now());
  if (contacts.empty() && empty == EmptyCustomer::refuse) {
    const std::string& number = customer.number.text();
    throw Error(ErrorKind::conflict, fmt::format("customer {} has no contacts: there is nobody to write to", number),
                fmt::format("kundehub contact add {} \"First Last <mail@example.dk>\"", number));
  }
  return contacts;
}

}  // namespace

void add_welcome_targets(CLI::App& app, WelcomeTargets& targets) {
  app.add_option("target", targets.targets,
                 "a customer (number, id:N, cvr:N, email:ADDRESS) or a contact (address, contact:N)")
      ->type_name("TARGET");
  app.add_option("--customer", targets.customer, "the customer, where an address occurs at several")
      ->type_name("CUSTOMER");
}

std::vector<Error> each_target(Session& session, Store& store, const WelcomeTargets& targets,
                               const std::function<void(const ContactOverview&, TargetKind)>& visit,
                               EmptyCustomer empty) {
  std::optional<CustomerId> at;
  if (targets.customer) at = find_customer(store, *targets.customer).id;
  std::set<ContactId> seen;
  std::vector<Error> unknown;
  for (const std::string& target : targets.targets) {
    try {
      const TargetKind kind = names_contact(target) ? TargetKind::contact : TargetKind::customer;
      for (const ContactOverview& contact : contacts_of_target(session, store, target, at, empty)) {
        if (seen.insert(contact.contact.id).second) visit(contact, kind);
      }
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_found && error.kind() != ErrorKind::conflict) throw;
      unknown.push_back(error);
      if (unknown.size() == targets.targets.size()) throw;
    }
  }
  return unknown;
}

}  // namespace kundehub::cli
