#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/contact/contact_options.hpp"
#include "cli/options.hpp"
#include "cli/person/person_options.hpp"
#include "cli/refusals.hpp"
#include "cli/welcome/sending.hpp"
#include "core/model/access.hpp"
#include "core/service/contacts.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct PersonEditOptions {
  std::string email;
  ContactFieldOptions fields;
  bool welcome = false;
};

/// The same change at each customer; who is refused is told with the customer.
std::vector<ContactOverview> edit_all(const PersonEditOptions& options, Session& session, Store& store,
                                      Operation& operation, const std::vector<ContactOverview>& contacts,
                                      Refusals& refusals) {
  std::vector<ContactOverview> edited;
  for (const ContactOverview& contact : contacts) {
    refusals.guard([&] {
      try {
        ContactData after = contact.contact.data;
        options.fields.apply(after);
        operation.attempt([&] { edit_contact(operation, store, contact, after); });
        edited.push_back(contact);
      } catch (const Error& error) {
        throw Error(error.kind(), tr("at customer {}: {}", contact.customer_number.text(), error.what()), error.hint());
      }
    });
  }
  return look_again(session, store, edited);
}

/// Whoever may have a mail at all.
std::vector<ContactOverview> invitable(const std::vector<ContactOverview>& contacts) {
  std::vector<ContactOverview> found;
  for (const ContactOverview& contact : contacts) {
    if (!welcome_refusal(contact)) found.push_back(contact);
  }
  return found;
}

ExitCode run_person_edit(const PersonEditOptions& options, Session& session) {
  check_fields(session.options().output, person_kind);
  if (!options.fields.any())
    throw Error(ErrorKind::usage, tr("nothing to change was given"), "kundehub help person edit");
  if (options.welcome) require_mail(session);
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const auto before = find_person(session, store, options.email);
  Refusals refusals(session, before.size());
  auto after = edit_all(options, session, store, *operation, before, refusals);
  const auto kept = look_again(session, store, before);
  const auto invited = options.welcome ? invitable(after) : std::vector<ContactOverview>{};
  const auto mails =
      invited.empty() ? std::vector<WelcomeId>{} : invite_all(*operation, session, invited, LinkPolicy::keep);
  session.commit(*operation);
  tell_of_lost_invitations(session, before, kept);
  for (std::size_t i = 0; mails.empty() && i < kept.size(); ++i) tell_of_new_address(session, before.at(i), kept[i]);
  if (options.welcome && mails.empty()) session.warn(tr("no welcome mail could go to this person"));
  const ExitCode sending = deliver_for_change(session, mails);
  if (!mails.empty() && !session.options().dry_run) after = look_again(session, store, after);
  print_person(session, after);
  return refusals.exit_code(options.welcome && mails.empty() ? ExitCode::partial : sending);
}

}  // namespace

void add_person_edit(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<PersonEditOptions>();
  CLI::App* edit =
      add_verb(parent, "edit", "change a person at every customer at once", options, run_person_edit, chosen);
  add_person(*edit, options->email);
  add_contact_fields(*edit, options->fields);
  edit->add_flag("--welcome", options->welcome,
                 "send a welcome mail for every customer, to the new address if it changes");
}

}  // namespace kundehub::cli
