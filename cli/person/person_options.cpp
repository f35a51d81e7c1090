#include "cli/person/person_options.hpp"

#include <fmt/format.h>

#include "cli/records.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {

const RecordKind person_kind{contact_kind.fields,
                             {"id", "customer", "customer_name", "title", "email", "hub", "welcome", "access"},
                             contact_kind.id};

CLI::Option* add_person(CLI::App& app, std::string& email) {
  return app.add_option("email", email, "the person's address")->required()->type_name("EMAIL");
}

std::vector<ContactOverview> find_person(Session& session, Store& store, const std::string& email) {
  std::vector<ContactOverview> found;
  for (const ContactId id : store.find_contacts(EmailAddress::parse(email), std::nullopt)) {
    if (auto contact = store.contact(id, session.now())) found.push_back(*std::move(contact));
  }
  if (!found.empty()) return found;
  throw Error(ErrorKind::not_found, tr("nobody has the address {}", text::quoted(email)), "kundehub contact list");
}

std::vector<ContactOverview> look_again(Session& session, Store& store, const std::vector<ContactOverview>& contacts) {
  std::vector<ContactOverview> now;
  for (const ContactOverview& contact : contacts) {
    if (auto present = store.contact(contact.contact.id, session.now())) now.push_back(*std::move(present));
  }
  return now;
}

void print_person(Session& session, const std::vector<ContactOverview>& contacts) {
  RecordWriter writer(session.out(), session.options().output, person_kind, RecordWriter::Shape::many);
  for (const ContactOverview& contact : contacts) writer.add(to_record(contact, session.now()));
  writer.finish();
}

}  // namespace kundehub::cli
