#include "cli/welcome/targets.hpp"

#include <set>

#include <fmt/format.h>

#include "cli/input.hpp"
#include "core/service/customers.hpp"
#include "core/service/lookup.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

std::vector<ContactOverview> contacts_of_target(Session& session, Store& store, const std::string& target,
                                                std::optional<CustomerId> at, EmptyCustomer empty) {
  if (names_contact(target)) return {find_contact(store, target, at, session.now())};
  const Customer customer = find_customer(store, target);
  auto contacts = contacts_of(store, customer.id, session.now());
  if (contacts.empty() && empty == EmptyCustomer::refuse) {
    const std::string& number = customer.number.text();
    throw Error(ErrorKind::conflict, tr("customer {} has no contacts: there is nobody to write to", number),
                fmt::format("kundehub contact add {} \"First Last <mail@example.dk>\"", number));
  }
  return contacts;
}

}  // namespace

void WelcomeTargets::check(bool selects, std::string_view selection) const {
  if (any() && selects)
    throw Error(ErrorKind::usage, tr("{} selects by itself: it goes without customers and contacts", selection),
                tr("leave out the names, or {}", selection));
  if (any() && filters.any())
    throw Error(ErrorKind::usage, tr("customers and contacts are either named or selected by filters"),
                tr("leave out the one or the other"));
  if (!any() && !selects && !filters.any())
    throw Error(ErrorKind::usage, tr("nobody is named: no customer, no contact, and no {}", selection),
                tr("name them, give a list with --ids-from, or select them: --tag T"));
}

WelcomeTargets WelcomeTargets::with_list(Session& session) const {
  WelcomeTargets all = *this;
  if (ids_from) {
    for (std::string& id : read_ids(session, *ids_from)) all.targets.push_back(std::move(id));
  }
  return all;
}

void add_welcome_target(CLI::App& app, WelcomeTargets& targets) {
  app.add_option("target", targets.targets,
                 "a customer (number, id:N, cvr:N, email:ADDRESS) or a contact (address, contact:N)")
      ->type_name("TARGET");
  app.add_option("--customer", targets.customer, "the customer, where an address occurs at several")
      ->type_name("CUSTOMER");
}

void add_welcome_targets(CLI::App& app, WelcomeTargets& targets) {
  add_welcome_target(app, targets);
  app.add_option("--ids-from", targets.ids_from, "those in this list, one a line (-0: NUL between); - is stdin")
      ->type_name("FILE");
  add_filters(app, targets.filters);
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
      if (unknown.size() + 1 == targets.targets.size()) {
        for (const Error& other : unknown) session.warn_of_refusal(other);
        throw;
      }
      unknown.push_back(error);
    }
  }
  return unknown;
}

}  // namespace kundehub::cli
