#include <utility>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/customer/customer_targets.hpp"
#include "cli/held_output.hpp"
#include "cli/hub/access_report.hpp"
#include "cli/records.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/customers.hpp"
#include "core/service/hub_access.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct HubRevokeOptions {
  CustomerTargets targets;
  std::vector<std::string> contacts, modules;
};

/// The access of the list below says nothing of modules.
void tell_of_modules(const HubRevokeOptions& options, Session& session, Store& store,
                     const std::vector<CustomerId>& customers) {
  if (options.modules.empty() || session.options().dry_run) return;
  for (std::size_t i = 0; i < customers.size() && i < most_told; ++i) {
    const auto customer = store.customer(customers[i]);
    if (!customer) continue;  // deleted meanwhile
    const auto& modules = customer->data.modules;
    session.note(tr("customer {} has {} on now", customer->number.text(),
                    modules.empty() ? tr("no module") : fmt::format("{}", fmt::join(modules, ", "))));
  }
  if (customers.size() > most_told)
    session.note(tr("and {} are not named here", count_customers(customers.size() - most_told)),
                 "kundehub customer list --fields number,name,modules");
}

ExitCode run_hub_revoke(const HubRevokeOptions& options, Session& session) {
  if (!options.contacts.empty()) require_one_customer(options.targets, tr("revoke one customer at a time"));
  check_fields(session.options().output, access_kind);
  CustomerSelection selection(options.targets, session);
  selection.confirm(tr("Revoke access of"));
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  check_modules(store, options.modules);
  auto targets = selection.find(store);
  Refusals refusals(session, targets.size());
  Invitations lost;
  std::vector<ContactId> named;
  const auto revoked =
      for_each_customer(*operation, store, std::move(targets), refusals, [&](const Customer& customer) {
        named = named_contacts(session, store, options.contacts, customer.id);
        lost += lost_by(session, store, customer.id, [&] {
          revoke_access(*operation, store, customer, {named, options.modules});
        });
      });
  DelayedResult result(session, [&](std::ostream& out) { write_access(session, store, revoked, named, out); });
  session.commit(*operation);
  tell_of_lost_invitations(session, lost);
  tell_of_modules(options, session, store, revoked);
  result.print();
  return refusals.exit_code(ExitCode::ok);
}

}  // namespace

void add_hub_revoke(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<HubRevokeOptions>();
  CLI::App* revoke = add_verb(parent, "revoke", "switch HUB access off, or single contacts or modules", options,
                              run_hub_revoke, chosen);
  add_customer_targets(*revoke, options->targets, FilterSet::of_customer);
  add_repeated(*revoke, "--contact", options->contacts, "only this contact's own switch off; several times")
      ->type_name("CONTACT");
  add_repeated(*revoke, "--module", options->modules, "only this module off; several times")->type_name("MODULE");
}

}  // namespace kundehub::cli
