#include "cli/contact/contact_options.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cli/input.hpp"
#include "cli/records.hpp"
#include "core/service/lookup.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {

ContactTargets ContactTargets::with_list(Session& session) const {
  if (contacts.empty() && !ids_from)
    throw Error(ErrorKind::usage, tr("no contact is named"), tr("name them, or give a list with --ids-from"));
  ContactTargets all = *this;
  if (ids_from) {
    for (std::string& id : read_ids(session, *ids_from)) all.contacts.push_back(std::move(id));
  }
  if (all.contacts.empty()) session.note(tr("the list names no contact"));
  return all;
}

std::vector<ContactOverview> ContactTargets::find(Session& session, Store& store, Refusals& refusals) const {
  std::optional<CustomerId> at;
  if (customer) at = find_customer(store, *customer).id;
  std::vector<ContactOverview> found;
  std::set<ContactId> seen;
  for (const std::string& selector : contacts) {
    refusals.guard([&] {
      const ContactOverview contact = find_contact(store, selector, at, session.now());
      if (seen.insert(contact.contact.id).second) found.push_back(contact);
    });
  }
  return found;
}

ContactOverview ContactTargets::find_one(Session& session, Store& store) const {
  Refusals none(session, 1);
  return find(session, store, none).front();
}

void ContactFieldOptions::apply(ContactData& data) const {
  set.check_not_empty();
  for (std::string field : unset) {
    std::replace(field.begin(), field.end(), '-', '_');  // as the option is written
    contact_field(field).set(data, "");
  }
  set.apply(contact_fields(), data);
}

void add_contact_fields(CLI::App& app, ContactFieldOptions& fields) {
  fields.set.add(app, contact_fields());
  add_repeated(app, "--unset", fields.unset, "clear a field; several times")->type_name("FIELD");
}

namespace {

CLI::Option* add_contact_words(CLI::App& app, ContactTargets& targets) {
  app.add_option("--customer", targets.customer, "the customer, where an address occurs at several")
      ->type_name("CUSTOMER");
  return app.add_option("contact", targets.contacts, "e-mail address or contact:N")->type_name("CONTACT");
}

}  // namespace

void add_contact_targets(CLI::App& app, ContactTargets& targets) {
  add_contact_words(app, targets);
  app.add_option("--ids-from", targets.ids_from, "those in this list, one a line (-0: NUL between); - is stdin")
      ->type_name("FILE");
}

void add_contact_target(CLI::App& app, ContactTargets& targets) {
  add_contact_words(app, targets)->required()->expected(1);
}

void print_contacts(Session& session, const std::vector<Record>& contacts, RecordWriter::Shape shape) {
  RecordWriter writer(session.out(), session.options().output, contact_kind, shape);
  for (const Record& contact : contacts) writer.add(contact);
  writer.finish();
}

}  // namespace kundehub::cli
