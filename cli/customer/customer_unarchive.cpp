#include <utility>

#include "cli/commands.hpp"
#include "cli/customer/customer_targets.hpp"
#include "cli/held_output.hpp"
#include "cli/hub/access_report.hpp"
#include "core/service/customer_life.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct CustomerUnarchiveOptions {
  CustomerTargets targets;
};

ExitCode run_customer_unarchive(const CustomerUnarchiveOptions& options, Session& session) {
  check_fields(session.options().output, customer_kind);
  CustomerSelection selection(options.targets, session, ArchivedFilter::archived);
  selection.confirm(tr("Unarchive"));

  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  auto named = selection.find(store);
  Refusals refusals(session, named.size());
  const auto back = for_each_customer(*operation, store, std::move(named), refusals,
                                      [&](const Customer& customer) { unarchive_customer(*operation, customer); });
  DelayedResult result(session, [&](std::ostream& out) { write_customers(session, store, back, out); });
  session.commit(*operation);
  if (!session.options().dry_run) tell_if_nobody(session, store, back);
  result.print();
  return refusals.exit_code(ExitCode::ok);
}

}  // namespace

void add_customer_unarchive(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerUnarchiveOptions>();
  CLI::App* unarchive =
      add_verb(parent, "unarchive", "make archived customers active again", options, run_customer_unarchive, chosen);
  add_customer_targets(*unarchive, options->targets);
}

}  // namespace kundehub::cli
