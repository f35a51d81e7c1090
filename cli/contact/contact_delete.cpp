#include <set>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/contact/contact_options.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/sending.hpp"
#include "core/model/access.hpp"
#include "core/service/contacts.hpp"
#include "core/service/customers.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

std::vector<ContactOverview> find_deletable(Session& session, Store& store, const ContactTargets& targets,
                                            Refusals& refusals) {
  std::vector<ContactOverview> deletable;
  for (const ContactOverview& contact : targets.find(session, store, refusals)) {
    refusals.guard([&] {
      check_deletable(contact);
      deletable.push_back(contact);
    });
  }
  return deletable;
}

/// With what goes with them: whoever has a link that works is shut out.
std::string question(const std::vector<ContactOverview>& contacts, Time now) {
  const auto links = static_cast<std::size_t>(count_invitations(contacts, now).links);
  const std::string who = contacts.size() == 1 ? tr("{} of customer {}", describe(contacts.front()),
                                                    contacts.front().customer_number.text())
                                               : tr_n("{} contact", "{} contacts", contacts.size(), contacts.size());
  return links == 0 ? tr("Delete {}?", who)
                    : tr_n("Delete {}, with {} login link?", "Delete {}, with {} login links?", links, who, links);
}

/// As they are now, in the turn to write.
std::vector<ContactOverview> still_there(Session& session, Store& store, const std::vector<ContactOverview>& agreed) {
  std::vector<ContactOverview> contacts;
  for (const ContactOverview& contact : agreed) {
    auto present = store.contact(contact.contact.id, session.now());
    if (!present || present->contact.customer != contact.contact.customer) {
      throw Error(ErrorKind::temporary, tr("somebody has changed these contacts meanwhile: nothing was deleted"),
                  tr("run the command again"));
    }
    contacts.push_back(*std::move(present));
  }
  return contacts;
}

void warn_of_empty_customers(Session& session, Store& store, const std::vector<ContactOverview>& deleted) {
  std::set<CustomerId> seen;
  for (const ContactOverview& contact : deleted) {
    if (!seen.insert(contact.contact.customer).second) continue;
    if (!contacts_of(store, contact.contact.customer, session.now()).empty()) continue;
    const std::string& number = contact.customer_number.text();
    session.warn(tr("customer {} has no contacts left: nobody may log in for it", number),
                 fmt::format("kundehub contact add {} \"First Last <mail@example.dk>\"", number));
  }
}

/// What a deletion did besides.
struct Deleted {
  std::vector<Record> records;  ///< the contacts as they were, but for their access
  std::set<ContactId> heirs;    ///< the primary contacts of their customers now
};

Deleted delete_all(Operation& operation, Session& session, Store& store, const std::vector<ContactOverview>& contacts) {
  Deleted deleted;
  for (const ContactOverview& contact : contacts) {
    deleted.records.push_back(to_record(contact, session.now()));
    deleted.records.back()["access"] = false;
    if (const auto heir = delete_contact(operation, store, contact)) deleted.heirs.insert(*heir);
  }
  return deleted;
}

void tell(Session& session, Store& store, const std::vector<ContactOverview>& contacts, const Deleted& deleted) {
  session.note(contacts.size() == 1 ? tr("deleted {}", describe(contacts.front()))
                                    : tr("deleted {} contacts", contacts.size()));
  tell_of_lost_invitations(session, contacts, {});
  for (const ContactId heir : deleted.heirs) {
    const auto contact = store.contact(heir, session.now());
    if (!contact) continue;  // deleted behind the one it stood in for
    session.note(
        tr("{} is the primary contact of customer {} now", describe(*contact), contact->customer_number.text()));
  }
  warn_of_empty_customers(session, store, contacts);
}

ExitCode run_contact_delete(const ContactTargets& options, Session& session) {
  check_fields(session.options().output, contact_kind);
  const ContactTargets targets = options.with_list(session);
  Refusals refusals(session, targets.contacts.size());
  const auto named = find_deletable(session, session.store(), targets, refusals);
  if (!named.empty()) session.confirm(question(named, session.now()));

  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const auto contacts = still_there(session, store, named);
  const Deleted deleted = delete_all(*operation, session, store, contacts);
  session.commit(*operation);
  if (!session.options().dry_run && !contacts.empty()) tell(session, store, contacts, deleted);
  print_contacts(session, deleted.records, RecordWriter::Shape::many);
  return refusals.exit_code(ExitCode::ok);
}

}  // namespace

void add_contact_delete(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ContactTargets>();
  CLI::App* remove =
      add_verb(parent, "delete", "delete contacts, with their login links", options, run_contact_delete, chosen);
  add_contact_targets(*remove, *options);
}

}  // namespace kundehub::cli
