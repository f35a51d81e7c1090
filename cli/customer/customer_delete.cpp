#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/customer/customer_targets.hpp"
#include "cli/hub/access_report.hpp"
#include "cli/records.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/lookup.hpp"

namespace kundehub::cli {
namespace {

struct CustomerDeleteOptions {
  CustomerTargets targets;
  bool archived = false;
};

std::string plural(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// What goes with them, in words: " with 2 contacts and 1 login link that is out".
std::string describe_contents(const std::vector<ContactOverview>& contacts, Time now) {
  const auto is_out = [&](const ContactOverview& contact) {
    return contact.way_in.valid_until && *contact.way_in.valid_until > now;
  };
  const auto links = static_cast<std::size_t>(std::ranges::count_if(contacts, is_out));
  const auto mails = static_cast<std::size_t>(
      std::ranges::count_if(contacts, [](const ContactOverview& contact) { return is_pending(contact.welcome); }));
  std::vector<std::string> parts;
  if (!contacts.empty()) parts.push_back(plural(contacts.size(), "contact"));
  if (links > 0) parts.push_back(plural(links, "login link"));
  if (mails > 0) parts.push_back(plural(mails, "waiting welcome mail"));
  return parts.empty() ? "" : fmt::format(" with {}", fmt::join(parts, ", "));
}

/// The customers there are of those that were named, each once. A name that is none, or several's, is refused when its
/// turn comes.
std::vector<CustomerId> find_known(Store& store, const std::vector<std::string>& named) {
  std::vector<CustomerId> known;
  for (const std::string& selector : named) {
    try {
      const CustomerId id = find_customer(store, selector).id;
      if (std::ranges::find(known, id) == known.end()) known.push_back(id);
    } catch (const Error& error) {
      if (!is_refusal(error)) throw;
    }
  }
  return known;
}

/// Asks, with what goes with them. Returns who was agreed to.
std::vector<CustomerId> confirm(Session& session, const std::vector<std::string>& named) {
  Store& store = session.store();
  const auto known = find_known(store, named);
  if (known.empty()) return known;
  const std::string contents = describe_contents(contacts_of_all(session, store, known), session.now());
  session.confirm(known.size() == 1 ? fmt::format("Delete customer {}{}?", name_customers(store, known), contents)
                                    : fmt::format("Delete {}{}?", count_customers(known.size()), contents));
  return known;
}

void check_agreed(Store& store, const std::vector<std::string>& named, const std::vector<CustomerId>& agreed) {
  for (const CustomerId id : find_known(store, named)) {
    if (std::ranges::find(agreed, id) != agreed.end()) continue;
    throw Error(ErrorKind::temporary, "somebody has changed these customers meanwhile: nothing was deleted",
                "run the command again");
  }
}

ExitCode run_customer_delete(const CustomerDeleteOptions& options, Session& session) {
  check_fields(session.options().output, customer_kind);
  CustomerSelection selection(options.targets, session,
                              options.archived ? ArchivedFilter::archived : ArchivedFilter::active);
  const auto agreed = confirm(session, selection.find(session.store()));

  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const auto named = selection.find(store);
  check_agreed(store, named, agreed);
  Refusals refusals(session, named.size());
  std::vector<Record> records;
  std::vector<ContactOverview> contacts;
  const auto deleted = for_each_customer(*operation, store, named, refusals, [&](const Customer& customer) {
    const auto own = contacts_of(store, customer.id, session.now());
    contacts.insert(contacts.end(), own.begin(), own.end());
    records.push_back(to_record(find_customer_overview(store, customer.id, session.now())));
    operation->delete_customer(customer.id);
  });
  session.commit(*operation);
  if (!session.options().dry_run && !deleted.empty())
    session.note(fmt::format("deleted {}", count_customers(deleted.size())));
  tell_of_lost_invitations(session, contacts, {});
  print_customers(session, records);
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
