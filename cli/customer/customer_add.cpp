#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/customer/customer_page.hpp"
#include "cli/options.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/customers.hpp"
#include "core/service/lookup.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct CustomerAddOptions {
  std::optional<std::string> business, private_name, number;
  FieldOptions fields;
  std::vector<std::string> tags, contacts, modules;
  Toggle hub, welcome;
  bool if_not_exists = false;
};

NewCustomer read_customer(const CustomerAddOptions& options, const Config& config) {
  if (options.business.has_value() == options.private_name.has_value()) {
    throw Error(ErrorKind::usage, tr("a customer is either --business NAME or --private NAME"),
                "kundehub help customer add");
  }
  NewCustomer customer;
  CustomerData& data = customer.data;
  data.kind = options.business ? CustomerKind::business : CustomerKind::private_person;
  data.country = Country::parse(config.new_customer.country);
  data.language = parse_language(config.new_customer.language);
  customer_field("name").set(data, options.business ? *options.business : *options.private_name);
  options.fields.apply(customer_fields(), data);
  for (const std::string& tag : options.tags) insert_sorted(data.tags, parse_tag(tag));
  data.hub = options.hub.value().value_or(config.new_customer.hub) ? HubSwitch::on : HubSwitch::off;
  for (const std::string& module : options.modules.empty() ? config.new_customer.modules : options.modules) {
    insert_sorted(data.modules, module);
  }
  if (options.number) customer.number = CustomerNumber::parse(*options.number);
  for (const std::string& contact : options.contacts) customer.contacts.push_back(parse_mailbox(contact));
  return customer;
}

/// What `--if-not-exists` finds a customer by. Many firms may share a bookkeeper's billing address, so an address
/// counts for a person only.
CustomerSelector identity(const NewCustomer& customer) {
  if (customer.number) return *customer.number;
  if (customer.data.cvr) return *customer.data.cvr;
  const bool is_private = customer.data.kind == CustomerKind::private_person;
  if (is_private && customer.data.email) return *customer.data.email;
  throw Error(ErrorKind::usage, tr("--if-not-exists needs something to find the customer by"),
              is_private ? tr("add --number or --email") : tr("add --number or --cvr"));
}

/// Throws Error{conflict} if several fit.
std::optional<CustomerId> find_existing(Store& store, const NewCustomer& customer) {
  std::vector<CustomerId> found = store.find_customers(identity(customer));
  std::erase_if(found, [&](CustomerId id) { return store.customer(id)->data.kind != customer.data.kind; });
  if (found.size() > 1) {
    throw Error(ErrorKind::conflict, tr("several customers fit: {}", name_customers(store, found)),
                tr("name the one you mean with --number"));
  }
  return found.empty() ? std::nullopt : std::optional(found.front());
}

/// The mail's conditions (R6) in the words of this command, before anything is made.
void check_welcome(const NewCustomer& customer) {
  const CustomerData& data = customer.data;
  const bool is_private = data.kind == CustomerKind::private_person;
  if (data.hub == HubSwitch::off)
    throw Error(ErrorKind::conflict, tr("no welcome mail can go out: the customer's HUB switch is off"),
                tr("add --hub"));
  if (is_private && !data.email)
    throw Error(ErrorKind::conflict, tr("no welcome mail can go out: the customer has no e-mail address"),
                tr("add --email ADDRESS"));
  if (!is_private && customer.contacts.empty()) {
    throw Error(ErrorKind::conflict, tr("no welcome mail can go out: the business has no contact"),
                tr("add --contact \"First Last <mail@example.dk>\""));
  }
}

bool may_get_welcome(const NewCustomer& customer) {
  return customer.data.kind == CustomerKind::private_person ? customer.data.email.has_value()
                                                            : !customer.contacts.empty();
}

/// Allowed, as a firm may be a customer twice, but more often a slip.
void warn_of_double(Session& session, Store& store, const NewCustomer& customer) {
  const CustomerData& data = customer.data;
  if (data.cvr) {
    const auto found = store.find_customers(*data.cvr);
    if (!found.empty())
      session.warn(tr("the CVR number {} has {} too", data.cvr->text(), name_customers(store, found)));
  }
  if (data.kind == CustomerKind::business || !data.email) return;
  std::vector<CustomerId> found = store.find_customers(*data.email);
  std::erase_if(found, [&](CustomerId id) { return store.customer(id)->data.kind != data.kind; });
  if (!found.empty()) session.warn(tr("the address {} has {} too", data.email->text(), name_customers(store, found)));
}

ExitCode run_customer_add(const CustomerAddOptions& options, Session& session) {
  check_fields(session.options().output, customer_page_kind);
  const NewCustomer customer = read_customer(options, session.config());
  const HubSwitch access = may_get_welcome(customer) ? customer.data.hub : HubSwitch::off;
  const bool welcome = wants_welcome(session, options.welcome, access, tr("Send the welcome mail now?"));
  if (welcome) check_welcome(customer);
  if (welcome) require_mail(session);

  Store& store = session.writing_store();
  auto operation = session.begin_operation(store);
  if (options.if_not_exists) {
    if (const auto existing = find_existing(store, customer)) {
      const Record page = customer_page(store, *existing, session.now());
      operation.reset();  // before anything is printed: a pager must not keep other admins waiting
      print_customer_page(session, page);
      session.note(tr("the customer exists already: nothing was changed"));
      return ExitCode::ok;
    }
  }
  warn_of_double(session, store, customer);
  const AddedCustomer added = add_customer(*operation, customer);
  std::vector<WelcomeId> mails;
  if (welcome) mails = invite_all(*operation, session, contacts_of(store, added.id, session.now()), LinkPolicy::keep);
  Record page = customer_page(store, added.id, session.now());
  session.commit(*operation);
  const ExitCode code = deliver_for_change(session, mails);
  if (!mails.empty() && !session.options().dry_run) page = customer_page(store, added.id, session.now());
  print_customer_page(session, page);
  return code;
}

}  // namespace

void add_customer_add(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerAddOptions>();
  CLI::App* add =
      add_verb(parent, "add", "create a customer, a business with its contacts", options, run_customer_add, chosen);
  add->add_option("--business", options->business, "a company of this name")->type_name("NAME");
  add->add_option("--private", options->private_name, "a person of this name")->type_name("NAME");
  add->add_option("--number", options->number, "customer number; without it the next free one")->type_name("N");
  options->fields.add(*add, customer_fields(), {"name"});
  add_repeated(*add, "--tag", options->tags, "a word to find the customer by; several times")->type_name("TAG");
  add_repeated(*add, "--contact", options->contacts, "a contact, \"First Last <mail@example.dk>\"; several times")
      ->type_name("MAILBOX");
  add_toggle(*add, "hub", options->hub, "switch HUB access on", translatable("leave it off"));
  add_repeated(*add, "--module", options->modules, "switch a HUB module on; several times")->type_name("MODULE");
  add_welcome_toggle(*add, options->welcome);
  add->add_flag("--if-not-exists", options->if_not_exists,
                "do nothing if there is one with this number, CVR or e-mail");
}

}  // namespace kundehub::cli
