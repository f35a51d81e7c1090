#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/contact/contact_options.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/contacts.hpp"
#include "core/service/lookup.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct ContactAddOptions {
  std::string customer, mailbox;
  FieldOptions fields;
  bool primary = false;
  Toggle hub, welcome;
};

ContactData read_contact(const ContactAddOptions& options) {
  ContactData contact;
  if (options.fields.has("email") && options.mailbox.find('<') == std::string::npos) {
    set_full_name(contact, options.mailbox);
  } else if (!options.mailbox.empty()) {
    contact = parse_mailbox(options.mailbox);
  }
  options.fields.apply(contact_fields(), contact);
  contact.primary = options.primary;
  contact.hub = options.hub.value().value_or(true) ? HubSwitch::on : HubSwitch::off;
  return contact;
}

/// Asked before the change, so that the mail enters the queue with it and nobody waits for an answer.
bool wants_mail(Session& session, const ContactAddOptions& options, const ContactData& contact) {
  if (options.welcome.value()) return *options.welcome.value();
  if (!session.may_ask() || contact.hub == HubSwitch::off || !contact.email) return false;
  const Customer customer = find_customer(session.store(), options.customer);
  if (customer.data.kind == CustomerKind::private_person) return false;  // refused below (R1)
  return wants_welcome(session, options.welcome, customer.data.hub,
                       tr("Send the welcome mail to {} now?", contact.email->text()));
}

/// The mail's conditions (R6) in the words of this command, before anything is made.
void check_welcome(const Customer& customer, const ContactData& contact) {
  const std::string& number = customer.number.text();
  const auto refuse = [](const std::string& why, const std::string& hint) {
    throw Error(ErrorKind::conflict, tr("no welcome mail can go out, so nothing was saved: {}", why), hint);
  };
  if (contact.hub == HubSwitch::off)
    refuse(tr("the contact's HUB switch is to be off"), tr("leave out --no-hub or --welcome"));
  if (customer.archived_at) {
    refuse(tr("customer {} is archived", number), fmt::format("kundehub customer unarchive {}", number));
  }
  if (customer.data.hub == HubSwitch::off) {
    refuse(tr("the HUB switch of customer {} is off", number), fmt::format("kundehub customer edit {} --hub", number));
  }
}

ExitCode run_contact_add(const ContactAddOptions& options, Session& session) {
  check_fields(session.options().output, contact_kind);
  const ContactData contact = read_contact(options);
  const bool welcome = wants_mail(session, options, contact);
  if (welcome) require_mail(session);

  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const Customer customer = find_customer(store, options.customer);
  if (welcome && customer.data.kind == CustomerKind::business) check_welcome(customer, contact);
  const ContactId id = add_contact(*operation, customer, contact);
  const auto look = [&] { return *store.contact(id, session.now()); };
  std::vector<WelcomeId> mails;
  if (welcome) mails = invite_all(*operation, session, {look()}, LinkPolicy::keep);
  ContactOverview added = look();
  session.commit(*operation);
  const ExitCode code = deliver_for_change(session, mails);
  if (!mails.empty() && !session.options().dry_run)
    added = store.contact(added.contact.id, session.now()).value_or(added);  // or deleted meanwhile
  print_contacts(session, {to_record(added, session.now())}, RecordWriter::Shape::one);
  return code;
}

}  // namespace

void add_contact_add(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ContactAddOptions>();
  CLI::App* add = add_verb(parent, "add", "add a contact to a business", options, run_contact_add, chosen);
  add->add_option("customer", options->customer, "number, id:N, cvr:NNNNNNNN or email:ADDRESS")
      ->required()
      ->type_name("CUSTOMER");
  add->add_option("mailbox", options->mailbox, "\"First Last <mail@example.dk>\", or the name and --email")
      ->type_name("MAILBOX");
  options->fields.add(*add, contact_fields());
  add->add_flag("--primary", options->primary, "the contact to turn to first");
  add_toggle(*add, "hub", options->hub, "the contact's own HUB switch on (default)", translatable("leave it off"));
  add_welcome_toggle(*add, options->welcome);
}

}  // namespace kundehub::cli
