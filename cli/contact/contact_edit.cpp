#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/contact/contact_options.hpp"
#include "cli/hub/access_report.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/contacts.hpp"
#include "core/service/hub_access.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct ContactEditOptions {
  ContactTargets target;
  ContactFieldOptions fields;
  std::vector<std::string> only_modules;
  bool primary = false, all_modules = false, welcome = false;
  Toggle hub;
};

ContactData apply(const ContactEditOptions& options, ContactData data) {
  options.fields.apply(data);
  if (options.all_modules) data.only_modules.reset();
  if (!options.only_modules.empty()) {
    data.only_modules.emplace();
    for (const std::string& module : options.only_modules) insert_sorted(*data.only_modules, module);
  }
  if (options.primary) data.primary = true;
  if (const auto hub = options.hub.value()) data.hub = *hub ? HubSwitch::on : HubSwitch::off;
  return data;
}

void check_options(const ContactEditOptions& options) {
  const bool any = options.fields.any() || options.primary || options.welcome || options.hub.value() ||
                   options.all_modules || !options.only_modules.empty();
  if (!any) throw Error(ErrorKind::usage, tr("nothing to change was given"), "kundehub help contact edit");
}

ExitCode run_contact_edit(const ContactEditOptions& options, Session& session) {
  check_fields(session.options().output, contact_kind);
  check_options(options);
  if (options.welcome) require_mail(session);
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  check_modules(store, options.only_modules);
  const ContactOverview before = options.target.find_one(session, store);
  edit_contact(*operation, store, before, apply(options, before.contact.data));
  const auto look = [&] { return *store.contact(before.contact.id, session.now()); };
  std::vector<WelcomeId> mails;
  if (options.welcome) mails = invite_all(*operation, session, {look()}, LinkPolicy::keep);
  ContactOverview after = look();
  session.commit(*operation);
  tell_of_lost_invitations(session, {before}, {after});
  if (mails.empty()) tell_of_new_address(session, before, after);
  const bool goes_on = options.hub.value().value_or(false) && !session.options().dry_run;
  if (mails.empty() && goes_on) tell_if_locked_out(session, after);
  const ExitCode code = deliver_for_change(session, mails);
  if (!mails.empty() && !session.options().dry_run)
    after = store.contact(after.contact.id, session.now()).value_or(after);  // or deleted meanwhile
  print_contacts(session, {to_record(after, session.now())}, RecordWriter::Shape::one);
  return code;
}

}  // namespace

void add_contact_edit(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ContactEditOptions>();
  CLI::App* edit = add_verb(parent, "edit", "change a contact", options, run_contact_edit, chosen);
  add_contact_target(*edit, options->target);
  add_contact_fields(*edit, options->fields);
  edit->add_flag("--primary", options->primary, "the contact to turn to first");
  add_toggle(*edit, "hub", options->hub, "the contact's own HUB switch on",
             translatable("and off: the contact's access ends"));
  CLI::Option* only = add_repeated(*edit, "--only-module", options->only_modules,
                                   "of the customer's modules this one only; several times");
  only->type_name("MODULE");
  edit->add_flag("--all-modules", options->all_modules, "all modules that the customer has")->excludes(only);
  edit->add_flag("--welcome", options->welcome, "send a welcome mail, to the new address if it changes");
}

}  // namespace kundehub::cli
