#include "cli/commands.hpp"
#include "cli/hub/access_report.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "core/service/lookup.hpp"

namespace kundehub::cli {
namespace {

struct HubStatusOptions {
  std::vector<std::string> customers;
  FilterOptions filters;
};

ExitCode run_hub_status(const HubStatusOptions& options, Session& session) {
  CustomerFilter filter = options.filters.filter(session);
  for (const std::string& selector : options.customers) {
    filter.customers.push_back(find_customer(session.store(), selector).id);
    filter.archived = ArchivedFilter::all;
  }
  RecordWriter writer(session.out(), session.options().output, access_kind, RecordWriter::Shape::many);
  const Time now = session.now();
  session.store().each_contact(filter, now,
                               [&](const ContactOverview& contact) { writer.add(access_record(contact, now)); });
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_hub_status(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<HubStatusOptions>();
  CLI::App* status = add_verb(parent, "status", "who may log in, and if not, why not", options, run_hub_status, chosen);
  status->add_option("customer", options->customers, "only these customers'")->type_name("CUSTOMER");
  add_filters(*status, options->filters);
}

}  // namespace kundehub::cli
