#include "cli/hub/access_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/records.hpp"
#include "core/model/access.hpp"
#include "core/service/customers.hpp"
#include "core/service/lookup.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {

std::vector<ContactId> named_contacts(Session& session, Store& store, const std::vector<std::string>& selectors,
                                      CustomerId customer) {
  std::vector<ContactId> found;
  for (const std::string& selector : selectors)
    found.push_back(find_contact(store, selector, customer, session.now()).contact.id);
  return found;
}

void write_access(Session& session, Store& store, const std::vector<CustomerId>& customers,
                  const std::vector<ContactId>& named, std::ostream& out) {
  RecordWriter writer(out, session.options().output, access_kind, RecordWriter::Shape::many);
  for (const CustomerId id : customers) {
    if (!out) break;  // nobody reads it any more
    for (const ContactOverview& contact : contacts_of(store, id, session.now()))
      if (is_in_scope(named, contact.contact.id)) writer.add(access_record(contact, session.now()));
  }
  writer.finish();
}

bool is_in_scope(const std::vector<ContactId>& named, ContactId contact) {
  return named.empty() || std::find(named.begin(), named.end(), contact) != named.end();
}

void tell_if_locked_out(Session& session, const ContactOverview& contact) {
  for (const AccessLink& link : access_chain(contact, session.now())) {
    if (link.holds) continue;
    return session.note(tr("{} may not log in: {}", describe(contact), link.text), link.remedy);
  }
}

bool nobody_may_log_in(const std::vector<ContactOverview>& contacts, Time now) {
  return std::none_of(contacts.begin(), contacts.end(),
                      [&](const ContactOverview& contact) { return may_log_in(contact, now); });
}

void tell_if_nobody(Session& session, Store& store, const std::vector<CustomerId>& customers) {
  std::size_t told = 0;
  for (const CustomerId id : customers) {
    const auto contacts = contacts_of(store, id, session.now());
    if (contacts.empty() || !nobody_may_log_in(contacts, session.now())) continue;
    if (told++ == most_told)
      return session.note(tr("nobody may log in yet at other customers either, which are not named here"),
                          "kundehub hub status");
    session.note(tr("nobody at customer {} may log in yet", contacts.front().customer_number.text()));
    for (const ContactOverview& contact : contacts) tell_if_locked_out(session, contact);
  }
}

std::vector<ContactOverview> contacts_of_all(Session& session, Store& store, const std::vector<CustomerId>& customers) {
  std::vector<ContactOverview> all;
  for (const CustomerId id : customers) {
    const auto contacts = contacts_of(store, id, session.now());
    all.insert(all.end(), contacts.begin(), contacts.end());
  }
  return all;
}

}  // namespace kundehub::cli
