#include "cli/contact/contact_options.hpp"

#include <set>

#include <fmt/format.h>

#include "cli/records.hpp"
#include "core/service/lookup.hpp"
#include "core/text/terminal.hpp"

namespace kundehub::cli {

std::vector<ContactOverview> ContactTargets::find(Session& session, Store& store) const {
  std::optional<CustomerId> at;
  if (customer) at = find_customer(store, *customer).id;
  std::vector<ContactOverview> found;
  std::set<ContactId> seen;
  for (const std::string& selector : contacts) {
    const ContactOverview contact = find_contact(store, selector, at, session.now());
    if (seen.insert(contact.contact.id).second) found.push_back(contact);
  }
  return found;
}

ContactOverview ContactTargets::find_one(Session& session, Store& store) const {
  return find(session, store).front();
}

namespace {

CLI::Option* add_contact_words(CLI::App& app, ContactTargets& targets) {
  app.add_option("--customer", targets.customer, "the customer, where an address occurs at several")
      ->type_name("CUSTOMER");
  return app.add_option("contact", targets.contacts, "e-mail address or contact:N")->required()->type_name("CONTACT");
}

}  // namespace

void add_contact_targets(CLI::App& app, ContactTargets& targets) {
  add_contact_words(app, targets);
}

void add_contact_target(CLI::App& app, ContactTargets& targets) {
  add_contact_words(app, targets)->expected(1);
}

void print_contacts(Session& session, const std::vector<Record>& contacts, RecordWriter::Shape shape) {
  RecordWriter writer(session.out(), session.options().output, contact_kind, shape);
  for (const Record& contact : contacts) writer.add(contact);
  writer.finish();
}

}  // namespace kundehub::cli
