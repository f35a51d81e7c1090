#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/customer/customer_page.hpp"
#include "cli/hub/access_report.hpp"
#include "cli/options.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/customers.hpp"
#include "core/service/lookup.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct CustomerEditOptions {
  std::string customer;
  FieldOptions fields;
  std::vector<std::string> unset, add_tags, remove_tags;
  Toggle hub;
};

CustomerData apply(const CustomerEditOptions& options, CustomerData data) {
  for (const std::string& field : options.unset) customer_field(field).set(data, "");
  options.fields.apply(customer_fields(), data);
  for (const std::string& tag : options.add_tags) insert_sorted(data.tags, parse_tag(tag));
  for (const std::string& tag : options.remove_tags) std::erase(data.tags, parse_tag(tag));
  if (const auto hub = options.hub.value()) data.hub = *hub ? HubSwitch::on : HubSwitch::off;
  return data;
}

bool changes_nothing(const CustomerEditOptions& options) {
  return !options.fields.any() && options.unset.empty() && options.add_tags.empty() && options.remove_tags.empty() &&
         !options.hub.value();
}

ExitCode run_customer_edit(const CustomerEditOptions& options, Session& session) {
  if (changes_nothing(options)) {
    throw Error(ErrorKind::usage, tr("nothing to change was given"), "kundehub help customer edit");
  }
  options.fields.check_not_empty();
  check_fields(session.options().output, customer_page_kind);
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const Customer customer = find_customer(store, options.customer);
  const auto before = contacts_of(store, customer.id, session.now());
  edit_customer(*operation, store, customer, apply(options, customer.data));
  const auto after = contacts_of(store, customer.id, session.now());
  const Record page = customer_page(store, customer.id, session.now());
  session.commit(*operation);
  tell_of_lost_invitations(session, before, after);
  for (std::size_t i = 0; i < before.size(); ++i) tell_of_new_address(session, before[i], after[i]);
  if (!session.options().dry_run && options.hub.value().value_or(false)) tell_if_nobody(session, store, {customer.id});
  print_customer_page(session, page);
  return ExitCode::ok;
}

}  // namespace

void add_customer_edit(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerEditOptions>();
  CLI::App* edit = add_verb(parent, "edit", "change a customer", options, run_customer_edit, chosen);
  edit->add_option("customer", options->customer, "number, id:N, cvr:NNNNNNNN or email:ADDRESS")
      ->required()
      ->type_name("CUSTOMER");
  options->fields.add(*edit, customer_fields());
  add_repeated(*edit, "--unset", options->unset, "clear a field; several times")->type_name("FIELD");
  add_repeated(*edit, "--add-tag", options->add_tags, "several times")->type_name("TAG");
  add_repeated(*edit, "--remove-tag", options->remove_tags, "several times")->type_name("TAG");
  add_toggle(*edit, "hub", options->hub, "the customer's HUB switch on", translatable("and off: all access ends"));
}

}  // namespace kundehub::cli
