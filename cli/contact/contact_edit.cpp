#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/contact/contact_options.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/contacts.hpp"

namespace kundehub::cli {
namespace {

struct ContactEditOptions {
  ContactTargets target;
  ContactFieldOptions fields;
  std::vector<std::string> unset;
  bool primary = false, welcome = false;
  Toggle hub;
};

ContactData apply(const ContactEditOptions& options, ContactData data) {
  for (const std::string& field : options.unset) contact_field(field).set(data, "");
  options.fields.apply(data);
  if (options.primary) data.primary = true;
  if (const auto hub = options.hub.value()) data.hub = *hub ? HubSwitch::on : HubSwitch::off;
  return data;
}

void check_options(const ContactEditOptions& options) {
  const bool any =
      options.fields.any() || !options.unset.empty() || options.primary || options.welcome || options.hub.value();
  if (!any) throw Error(ErrorKind::usage, "nothing to change was given", "kundehub help contact edit");
}

/// An address that has just changed has no mail of its own yet (R13).
void tell_of_new_address(Session& session, const ContactOverview& before, const ContactOverview& after) {
  if (before.sends == 0 || before.contact.data.email == after.contact.data.email || !after.contact.data.email) return;
  session.note(fmt::format("the link sent to the old address no longer works; {} needs a welcome mail of its own",
                           after.contact.data.email->text()));
  session.hint(fmt::format("kundehub welcome send {}", contact_ref(after.contact.id)));
}

ExitCode run_contact_edit(const ContactEditOptions& options, Session& session) {
  check_options(options);
  if (options.welcome) require_mail(session);
  Store& store = session.writing_store();
  const auto operation = store.begin_operation(session.operation_context(), session.operation_mode());
  const ContactOverview before = options.target.find(session, store).front();
  edit_contact(*operation, store, before, apply(options, before.contact.data));
  const auto look = [&] { return *store.contact(before.contact.id, session.now()); };
  std::vector<WelcomeId> mails;
  if (options.welcome) mails = invite_all(*operation, session, {look()}, LinkPolicy::keep);
  ContactOverview after = look();
  if (!operation->commit()) session.note("nothing had to be changed");
  if (mails.empty()) tell_of_new_address(session, before, after);
  const ExitCode code = deliver_now(session, mails, SendingFor::change);
  if (!mails.empty() && !session.options().dry_run) after = look();
  print_contacts(session, {to_record(after, session.now())}, RecordWriter::Shape::one);
  return code;
}

}  // namespace

void add_contact_edit(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ContactEditOptions>();
  CLI::App* edit = add_verb(parent, "edit", "change a contact", options, run_contact_edit, chosen);
  add_contact_targets(*edit, options->target);
  edit->get_option("contact")->expected(1);
  add_contact_fields(*edit, options->fields);
  add_repeated(*edit, "--unset", options->unset, "clear a field; several times")->type_name("FIELD");
  edit->add_flag("--primary", options->primary, "the contact to turn to first");
  add_toggle(*edit, "hub", options->hub, "the contact's own HUB switch on");
  edit->add_flag("--welcome", options->welcome, "send a welcome mail, to the new address if it changes");
}

}  // namespace kundehub::cli
