#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/customer/customer_targets.hpp"
#include "cli/held_output.hpp"
#include "cli/records.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/lookup.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct CustomerDeleteOptions {
  CustomerTargets targets;
  bool archived = false;
};

/// What goes with customers.
struct Contents {
  std::size_t contacts = 0, links = 0, mails = 0;

  void add(const ContactOverview& contact, Time now) {
    ++contacts;
    links += contact.way_in.valid_until && *contact.way_in.valid_until > now ? 1 : 0;
    mails += is_pending(contact.welcome) ? 1 : 0;
  }

  /// " with 2 contacts, 1 login link".
  [[nodiscard]] std::string text() const {
    std::vector<std::string> parts;
    if (contacts > 0) parts.push_back(tr_n("{} contact", "{} contacts", contacts, contacts));
    if (links > 0) parts.push_back(tr_n("{} login link", "{} login links", links, links));
    if (mails > 0) parts.push_back(tr_n("{} waiting welcome mail", "{} waiting welcome mails", mails, mails));
    return parts.empty() ? "" : tr(" with {}", fmt::join(parts, ", "));
  }
};

/// The customers there are of those that were named, in their order, each once; and as names what is none, or
/// several's, which is refused when its turn comes.
SelectedCustomers resolve(Store& store, SelectedCustomers named) {
  std::set<CustomerId> seen;
  std::erase_if(named.names, [&](const std::string& selector) {
    try {
      const CustomerId id = find_customer(store, selector).id;
      if (seen.insert(id).second) named.ids.push_back(id);
      return true;
    } catch (const Error& error) {
      if (!is_refusal(error)) throw;
      return false;
    }
  });
  return named;
}

/// Asks, with what goes with them. Returns who was agreed to.
std::vector<CustomerId> confirm(Session& session, const SelectedCustomers& named) {
  Store& store = session.store();
  auto known = resolve(store, named).ids;
  if (known.empty() || session.options().yes || session.options().dry_run) return known;
  Contents contents;
  for (const CustomerId id : known) {
    for (const ContactOverview& contact : contacts_of(store, id, session.now())) contents.add(contact, session.now());
  }
  const std::string who =
      known.size() == 1 ? tr("customer {}", name_customers(store, known)) : count_customers(known.size());
  session.confirm(tr("Delete {}{}?", who, contents.text()));
  return known;
}

void check_agreed(std::vector<CustomerId> known, std::vector<CustomerId> agreed) {
  std::ranges::sort(known);
  std::ranges::sort(agreed);
  if (std::ranges::includes(agreed, known)) return;
  throw Error(ErrorKind::temporary, tr("somebody has changed these customers meanwhile: nothing was deleted"),
              tr("run the command again"));
}

ExitCode run_customer_delete(const CustomerDeleteOptions& options, Session& session) {
  check_fields(session.options().output, customer_kind);
  CustomerSelection selection(options.targets, session,
                              options.archived ? ArchivedFilter::archived : ArchivedFilter::active);
  const auto agreed = confirm(session, selection.find(session.store()));

  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const SelectedCustomers named = resolve(store, selection.find(store));
  check_agreed(named.ids, agreed);
  Refusals refusals(session, named.size());
  DelayedResult result(
      session, [&](std::ostream& out) { write_customers(session, store, named.ids, out); }, DelayedResult::Records::go);
  Invitations lost;
  const auto deleted = for_each_customer(*operation, store, named, refusals, [&](const Customer& customer) {
    lost += lost_by(session, store, customer.id, [&] { operation->delete_customer(customer.id); });
  });
  session.commit(*operation);
  if (!session.options().dry_run && !deleted.empty()) session.note(tr("deleted {}", count_customers(deleted.size())));
  tell_of_lost_invitations(session, lost);
  result.print();
  return refusals.exit_code(ExitCode::ok);
}

}  // namespace

void add_customer_delete(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerDeleteOptions>();
  CLI::App* remove = add_verb(parent, "delete", "delete customers and all that is theirs; archiving keeps the history",
                              options, run_customer_delete, chosen);
  add_customer_targets(*remove, options->targets);
  remove->add_flag("--archived", options->archived, "of the archived ones, those that the filters select");
}

}  // namespace kundehub::cli
