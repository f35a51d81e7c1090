#include "cli/commands.hpp"
#include "cli/contact/contact_options.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "core/service/lookup.hpp"

namespace kundehub::cli {
namespace {

struct ContactListOptions {
  std::string customer;
  FilterOptions filters;
};

ExitCode run_contact_list(const ContactListOptions& options, Session& session) {
  CustomerFilter filter = options.filters.filter(session);
  if (!options.customer.empty()) {
    filter.customers = {find_customer(session.store(), options.customer).id};
    filter.archived = ArchivedFilter::all;
  }
  RecordWriter writer(session.out(), session.options().output, contact_kind, RecordWriter::Shape::many);
  const Time now = session.now();
  session.store().each_contact(filter, now,
                               [&](const ContactOverview& contact) { writer.add(to_record(contact, now)); });
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_contact_list(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ContactListOptions>();
  CLI::App* list = add_verb(parent, "list", "contacts of one customer, or of all", options, run_contact_list, chosen);
  list->add_option("customer", options->customer, "only this customer's")->type_name("CUSTOMER");
  add_filters(*list, options->filters);
}

}  // namespace kundehub::cli
