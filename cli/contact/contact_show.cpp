#include "cli/commands.hpp"
#include "cli/contact/contact_options.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"

namespace kundehub::cli {
namespace {

ExitCode run_contact_show(const ContactTargets& options, Session& session) {
  const ContactTargets targets = options.with_list(session);
  Refusals refusals(session, targets.contacts.size());
  std::vector<Record> records;
  for (const ContactOverview& contact : targets.find(session, session.store(), refusals))
    records.push_back(to_record(contact, session.now()));
  const bool is_one = options.contacts.size() == 1 && !options.ids_from;
  print_contacts(session, records, is_one ? RecordWriter::Shape::one : RecordWriter::Shape::many);
  return refusals.exit_code(ExitCode::ok);
}

}  // namespace

void add_contact_show(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ContactTargets>();
  CLI::App* show = add_verb(parent, "show", "everything about a contact", options, run_contact_show, chosen);
  add_contact_targets(*show, *options);
}

}  // namespace kundehub::cli
