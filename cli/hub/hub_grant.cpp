#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/customer/customer_targets.hpp"
#include "cli/held_output.hpp"
#include "cli/hub/access_report.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/sending.hpp"
#include "core/model/access.hpp"
#include "core/service/customers.hpp"
#include "core/service/hub_access.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct HubGrantOptions {
  CustomerTargets targets;
  std::vector<std::string> contacts, modules;
  bool all_contacts = false, all_modules = false;
  Toggle welcome;
};

std::vector<std::string> wanted_modules(const HubGrantOptions& options, Store& store) {
  if (!options.all_modules) return options.modules;
  std::vector<std::string> keys;
  for (const Module& module : store.modules()) keys.push_back(module.key);
  return keys;
}

/// Who of the customers needs a mail to get in; if contacts are named, of those only. Someone whose own switch is off
/// was switched off on purpose.
std::vector<ContactOverview> without_way_in(Session& session, Store& store, const std::vector<CustomerId>& customers,
                                            const std::vector<ContactId>& named) {
  std::vector<ContactOverview> found;
  for (const CustomerId customer : customers) {
    for (const ContactOverview& contact : contacts_of(store, customer, session.now())) {
      const bool is_out = is_in_scope(named, contact.contact.id) && !may_log_in(contact, session.now());
      if (is_out && !welcome_refusal(contact)) found.push_back(contact);
    }
  }
  return found;
}

/// A mail was asked for, and there was nobody to write to at a customer where nobody may log in. Says so; true if it is
/// so anywhere.
bool missed_anybody(Session& session, Store& store, const std::vector<CustomerId>& granted,
                    const std::vector<ContactOverview>& invited) {
  std::set<CustomerId> got_mail;
  for (const ContactOverview& contact : invited) got_mail.insert(contact.contact.customer);
  std::size_t missed = 0;
  for (const CustomerId id : granted) {
    if (got_mail.contains(id)) continue;
    const auto contacts = contacts_of(store, id, session.now());
    if (!nobody_may_log_in(contacts, session.now()) || ++missed > most_told) continue;
    session.warn(tr("no welcome mail could go to anybody at customer {}", contacts.front().customer_number.text()));
  }
  if (missed > most_told) session.warn(tr("nor at {} more", count_customers(missed - most_told)));
  return missed > 0;
}

/// Whoever was named and still may not log in (where nobody may, that has been said), and how many others may: the
/// customer's switch and modules are theirs too.
void tell_of_named(Session& session, const std::vector<ContactOverview>& contacts,
                   const std::vector<ContactId>& named) {
  if (named.empty() || nobody_may_log_in(contacts, session.now())) return;
  std::int64_t others = 0;
  for (const ContactOverview& contact : contacts) {
    if (!is_in_scope(named, contact.contact.id))
      others += may_log_in(contact, session.now());
    else if (!may_log_in(contact, session.now()))
      tell_if_locked_out(session, contact);
  }
  const std::string number = contacts.front().customer_number.text();
  if (others > 0)
    session.note(tr_n("{} other contact of customer {} may log in", "{} other contacts of customer {} may log in",
                      static_cast<std::size_t>(others), others, number),
                 fmt::format("kundehub hub status {}", number));
}

bool wants_mails(Session& session, const HubGrantOptions& options) {
  if (options.welcome.value()) return *options.welcome.value();
  return wants_welcome(session, options.welcome, HubSwitch::on,
                       tr("Send the welcome mail now to everyone who has no way in yet?"));
}

ExitCode run_hub_grant(const HubGrantOptions& options, Session& session) {
  check_fields(session.options().output, access_kind);
  if (!options.contacts.empty())
    require_one_customer(options.targets, tr("use --all-contacts, or grant one customer at a time"));
  CustomerSelection selection(options.targets, session);
  check_modules(session.store(), options.modules);  // nobody is asked about what cannot be done
  const bool welcome = wants_mails(session, options);
  if (welcome) require_mail(session);
  selection.confirm(welcome ? tr("Grant access and send welcome mails to") : tr("Grant access to"));

  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  check_modules(store, options.modules);
  auto targets = selection.find(store);
  Refusals refusals(session, targets.size());
  const ContactScope scope = options.all_contacts ? ContactScope::all : ContactScope::named;
  std::vector<ContactId> named;
  const auto granted =
      for_each_customer(*operation, store, std::move(targets), refusals, [&](const Customer& customer) {
        named = named_contacts(session, store, options.contacts, customer.id);
        grant_access(*operation, store, customer, {named, scope, wanted_modules(options, store)});
      });
  if (scope == ContactScope::all) named.clear();
  std::vector<ContactOverview> invited;
  if (welcome && !granted.empty()) invited = without_way_in(session, store, granted, named);
  const auto mails =
      invited.empty() ? std::vector<WelcomeId>{} : invite_all(*operation, session, invited, LinkPolicy::keep);
  const bool missed = welcome && missed_anybody(session, store, granted, invited);
  DelayedResult result(session, [&](std::ostream& out) { write_access(session, store, granted, named, out); });
  session.commit(*operation);
  const ExitCode sending = deliver_for_change(session, mails);
  if (!session.options().dry_run) {
    tell_if_nobody(session, store, granted);
    if (!granted.empty()) tell_of_named(session, contacts_of(store, granted.front(), session.now()), named);
  }
  result.print();
  return refusals.exit_code(missed ? ExitCode::partial : sending);
}

}  // namespace

void add_hub_grant(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<HubGrantOptions>();
  CLI::App* grant = add_verb(parent, "grant", "switch HUB access and modules on", options, run_hub_grant, chosen);
  add_customer_targets(*grant, options->targets, FilterSet::of_customer);
  add_repeated(*grant, "--contact", options->contacts, "this contact's own switch on too; several times")
      ->type_name("CONTACT");
  grant->add_flag("--all-contacts", options->all_contacts, "every contact's own switch on too");
  add_repeated(*grant, "--module", options->modules, "this module on; several times")->type_name("MODULE");
  grant->add_flag("--all-modules", options->all_modules, "every module on");
  add_welcome_toggle(*grant, options->welcome);
}

}  // namespace kundehub::cli
