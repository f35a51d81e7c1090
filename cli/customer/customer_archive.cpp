#include <utility>

#include "cli/commands.hpp"
#include "cli/customer/customer_targets.hpp"
#include "cli/held_output.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/customer_life.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct CustomerArchiveOptions {
  CustomerTargets targets;
};

ExitCode run_customer_archive(const CustomerArchiveOptions& options, Session& session) {
  check_fields(session.options().output, customer_kind);
  CustomerSelection selection(options.targets, session);
  selection.confirm(tr("Archive"));

  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  auto named = selection.find(store);
  Refusals refusals(session, named.size());
  Invitations lost;
  const auto archived = for_each_customer(*operation, store, std::move(named), refusals, [&](const Customer& customer) {
    lost += lost_by(session, store, customer.id, [&] { archive_customer(*operation, store, customer); });
  });
  DelayedResult result(session, [&](std::ostream& out) { write_customers(session, store, archived, out); });
  session.commit(*operation);
  tell_of_lost_invitations(session, lost);
  result.print();
  return refusals.exit_code(ExitCode::ok);
}

}  // namespace

void add_customer_archive(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerArchiveOptions>();
  CLI::App* archive = add_verb(parent, "archive", "end all access of customers, and keep their history", options,
                               run_customer_archive, chosen);
  add_customer_targets(*archive, options->targets);
}

}  // namespace kundehub::cli
