#include <set>

#include "cli/commands.hpp"
#include "cli/customer/customer_page.hpp"
#include "cli/customer/customer_targets.hpp"
#include "cli/options.hpp"
#include "core/service/lookup.hpp"

namespace kundehub::cli {
namespace {

struct CustomerShowOptions {
  CustomerTargets targets;
};

ExitCode run_customer_show(const CustomerShowOptions& options, Session& session) {
  Store& store = session.store();
  const auto named = CustomerSelection(options.targets, session).find(store);
  Refusals refusals(session, named.size());
  const bool is_one = options.targets.customers.size() == 1 && !options.targets.ids_from;
  CustomerPages pages(session, is_one ? RecordWriter::Shape::one : RecordWriter::Shape::many);
  std::set<CustomerId> seen;
  named.each([&](const std::string& selector) {
    refusals.guard([&] {
      const Customer customer = find_customer(store, selector);
      if (seen.insert(customer.id).second) pages.add(customer_page(store, customer, session.now()));
    });
  });
  pages.finish();
  return refusals.exit_code(ExitCode::ok);
}

}  // namespace

void add_customer_show(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerShowOptions>();
  CLI::App* show = add_verb(parent, "show", "everything about a customer", options, run_customer_show, chosen);
  add_customer_targets(*show, options->targets);
}

}  // namespace kundehub::cli
