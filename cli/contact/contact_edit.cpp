#include <functional>
#include <optional>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/contact/contact_options.hpp"
#include "cli/edit_form.hpp"
#include "cli/hub/access_report.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/sending.hpp"
#include "core/form/record_forms.hpp"
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

bool changes_nothing(const ContactEditOptions& options) {
  return !options.fields.any() && !options.primary && !options.welcome && !options.hub.value() &&
         !options.all_modules && options.only_modules.empty();
}

/// What is told of a change that is saved, and the mail that is to leave then.
struct EditedContact {
  ContactOverview before, after;
  std::vector<WelcomeId> mails{};
  bool opens_hub = false;  ///< somebody is to get in
};

using ContactFinder = std::function<ContactOverview(Store&)>;
using ContactChange = std::function<ContactData(const ContactData&, Store&)>;
enum class WelcomeToo { no, yes };

/// Makes the change, as one operation.
EditedContact save(Session& session, const ContactFinder& find, const ContactChange& change, WelcomeToo welcome) {
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const ContactOverview before = find(store);
  edit_contact(*operation, store, before, change(before.contact.data, store));
  const auto look = [&] { return *store.contact(before.contact.id, session.now()); };
  std::vector<WelcomeId> mails;
  if (welcome == WelcomeToo::yes) mails = invite_all(*operation, session, {look()}, LinkPolicy::keep);
  EditedContact edited{before, look(), std::move(mails)};
  edited.opens_hub = before.contact.data.hub == HubSwitch::off && edited.after.contact.data.hub == HubSwitch::on;
  session.commit(*operation);
  return edited;
}

ExitCode tell(Session& session, const EditedContact& edited) {
  const auto& [before, changed, mails, opens_hub] = edited;
  ContactOverview after = changed;
  tell_of_lost_invitations(session, {before}, {after});
  if (mails.empty()) tell_of_new_address(session, before, after);
  if (mails.empty() && opens_hub && !session.options().dry_run) tell_if_locked_out(session, after);
  const ExitCode code = deliver_for_change(session, mails);
  if (!mails.empty() && !session.options().dry_run)
    after = session.store().contact(after.contact.id, session.now()).value_or(after);  // or deleted meanwhile
  print_contacts(session, {to_record(after, session.now())}, RecordWriter::Shape::one);
  return code;
}

ExitCode edit_in_form(Session& session, const ContactTargets& target) {
  const ContactOverview opened = target.find_one(session, session.store());
  const ContactId id = opened.contact.id;
  RecordForm<ContactData> form = contact_form(opened, session.store());
  // The address that names it may have changed when the form is saved.
  const auto find = [&](Store& store) {
    if (auto contact = store.contact(id, session.now())) return *std::move(contact);
    throw Error(ErrorKind::not_found, tr("contact:{} has been deleted meanwhile", id.value));
  };
  std::optional<EditedContact> edited;
  edit_form(session, "contact.toml", form.text(), [&](std::string_view written) {
    const auto change = [&](const ContactData& present, Store& store) { return form.merge(written, present, store); };
    edited = save(session, find, change, WelcomeToo::no);
  });
  return tell(session, *edited);
}

ExitCode run_contact_edit(const ContactEditOptions& options, Session& session) {
  check_fields(session.options().output, contact_kind);
  if (changes_nothing(options)) {
    if (session.may_ask()) return edit_in_form(session, options.target);
    refuse_without_change("contact edit");
  }
  if (options.welcome) require_mail(session);
  const auto find = [&](Store& store) {
    check_modules(store, options.only_modules);
    return options.target.find_one(session, store);
  };
  EditedContact edited = save(
      session, find, [&](const ContactData& present, Store&) { return apply(options, present); },
      options.welcome ? WelcomeToo::yes : WelcomeToo::no);
  edited.opens_hub = options.hub.value().value_or(false);  // it may be on already, and the customer's off
  return tell(session, edited);
}

}  // namespace

void add_contact_edit(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ContactEditOptions>();
  CLI::App* edit = add_verb(parent, "edit", "change a contact; without a field, in the editor on a terminal", options,
                            run_contact_edit, chosen);
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
