#include "cli/commands.hpp"
#include "cli/hub/access_report.hpp"
#include "cli/input.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/refusals.hpp"
#include "core/service/lookup.hpp"

namespace kundehub::cli {
namespace {

struct HubStatusOptions {
  std::vector<std::string> customers;
  std::optional<std::string> ids_from;
  FilterOptions filters;
};

ExitCode run_hub_status(const HubStatusOptions& options, Session& session) {
  RecordWriter writer(session.out(), session.options().output, access_kind, RecordWriter::Shape::many);
  CustomerFilter filter = options.filters.filter(session);
  std::vector<std::string> named = options.customers;
  if (options.ids_from) {
    for (std::string& id : read_ids(session, *options.ids_from)) named.push_back(std::move(id));
  }
  Refusals refusals(session, named.size());
  for (const std::string& selector : named) {
    refusals.guard([&] { filter.customers.push_back(find_customer(session.store(), selector).id); });
    filter.archived = ArchivedFilter::all;
  }
  const bool is_nobody = filter.customers.empty() && (options.ids_from || !named.empty());
  const Time now = session.now();
  if (!is_nobody) {
    session.store().each_contact(filter, now,
                                 [&](const ContactOverview& contact) { writer.add(access_record(contact, now)); });
  }
  writer.finish();
  return refusals.exit_code(ExitCode::ok);
}

}  // namespace

void add_hub_status(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<HubStatusOptions>();
  CLI::App* status = add_verb(parent, "status", "who may log in, and if not, why not", options, run_hub_status, chosen);
  status->add_option("customer", options->customers, "only these customers'")->type_name("CUSTOMER");
  status
      ->add_option("--ids-from", options->ids_from,
                   "only of those in this list, one a line (-0: NUL between); - is stdin")
      ->type_name("FILE");
  add_filters(*status, options->filters);
}

}  // namespace kundehub::cli
