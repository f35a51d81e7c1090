#include <algorithm>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/portal/portal_contact.hpp"
#include "cli/records.hpp"
#include "core/model/access.hpp"
#include "core/service/hub_access.hpp"

namespace kundehub::cli {
namespace {

struct PortalCheckOptions {
  std::string email;
  std::optional<std::string> module;
};

const RecordKind place_kind{
    {"contact", "customer", "customer_name", "kind", "name", "first_name", "last_name", "email", "language", "modules"},
    {"contact", "customer", "customer_name", "name", "language", "modules"},
    [](const Record& record) { return record.at("contact").get<std::string>(); }};

ExitCode run_portal_check(const PortalCheckOptions& options, Session& session) {
  RecordWriter writer(session.out(), session.options().output, place_kind, RecordWriter::Shape::many);
  const EmailAddress email = EmailAddress::parse(options.email);
  Store& store = session.store();
  if (options.module) check_modules(store, {*options.module});
  bool admits = false;
  for (const ContactId id : store.find_contacts(ContactSelector{email}, std::nullopt)) {
    const auto contact = store.contact(id, session.now());
    if (!contact || !may_log_in(access_chain(*contact, session.now(), options.module))) continue;
    writer.add(portal_contact_record(*contact));
    admits = true;
  }
  writer.finish();
  return admits ? ExitCode::ok : ExitCode::no;
}

}  // namespace

void add_portal_check(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<PortalCheckOptions>();
  CLI::App* check = add_verb(parent, "check", "where an address may log in, and what it may use there; exit 0 or 10",
                             options, run_portal_check, chosen);
  check->add_option("email", options->email, "the person's address")->type_name("EMAIL")->required();
  check->add_option("--module", options->module, "only where it may use this module")->type_name("MODULE");
}

}  // namespace kundehub::cli
