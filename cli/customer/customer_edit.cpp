#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/customer/customer_page.hpp"
#include "cli/edit_form.hpp"
#include "cli/hub/access_report.hpp"
#include "cli/options.hpp"
#include "cli/welcome/sending.hpp"
#include "core/form/record_forms.hpp"
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

/// What is told of a change that is saved.
struct EditedCustomer {
  CustomerId id;
  std::vector<ContactOverview> before{}, after{};
  Record page{};
  bool opens_hub = false;
};

using CustomerFinder = std::function<Customer(Store&)>;
using CustomerChange = std::function<CustomerData(const CustomerData&, Store&)>;

/// Makes the change, as one operation.
EditedCustomer save(Session& session, const CustomerFinder& find, const CustomerChange& change) {
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const Customer customer = find(store);
  EditedCustomer edited{.id = customer.id, .before = contacts_of(store, customer.id, session.now())};
  const CustomerData data = change(customer.data, store);
  edit_customer(*operation, store, customer, data);
  edited.opens_hub = customer.data.hub == HubSwitch::off && data.hub == HubSwitch::on;
  edited.after = contacts_of(store, customer.id, session.now());
  edited.page = customer_page(store, customer.id, session.now());
  session.commit(*operation);
  return edited;
}

ExitCode tell(Session& session, const EditedCustomer& edited) {
  tell_of_lost_invitations(session, edited.before, edited.after);
  for (std::size_t i = 0; i < edited.before.size(); ++i)
    tell_of_new_address(session, edited.before[i], edited.after[i]);
  if (!session.options().dry_run && edited.opens_hub) tell_if_nobody(session, session.store(), {edited.id});
  print_customer_page(session, edited.page);
  return ExitCode::ok;
}

ExitCode edit_in_form(Session& session, const std::string& selector) {
  const Customer opened = find_customer(session.store(), selector);
  RecordForm<CustomerData> form = customer_form(opened, session.store());
  // What it is called may have changed when the form is saved.
  const auto find = [&](Store& store) {
    if (auto customer = store.customer(opened.id)) return *std::move(customer);
    throw Error(ErrorKind::not_found, tr("customer {} has been deleted meanwhile", opened.number.text()));
  };
  EditedCustomer edited;
  edit_form(session, "customer.toml", form.text(), [&](std::string_view written) {
    edited = save(session, find,
                  [&](const CustomerData& present, Store& store) { return form.merge(written, present, store); });
  });
  return tell(session, edited);
}

ExitCode run_customer_edit(const CustomerEditOptions& options, Session& session) {
  check_fields(session.options().output, customer_page_kind);
  if (changes_nothing(options)) {
    if (session.may_ask()) return edit_in_form(session, options.customer);
    refuse_without_change("customer edit");
  }
  options.fields.check_not_empty();
  EditedCustomer edited = save(
      session, [&](Store& store) { return find_customer(store, options.customer); },
      [&](const CustomerData& present, Store&) { return apply(options, present); });
  edited.opens_hub = options.hub.value().value_or(false);
  return tell(session, edited);
}

}  // namespace

void add_customer_edit(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerEditOptions>();
  CLI::App* edit = add_verb(parent, "edit", "change a customer; without a field, in the editor on a terminal", options,
                            run_customer_edit, chosen);
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
