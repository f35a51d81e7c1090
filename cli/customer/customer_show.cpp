#include "cli/commands.hpp"
#include "cli/customer/customer_page.hpp"
#include "cli/options.hpp"
#include "core/service/lookup.hpp"

namespace kundehub::cli {
namespace {

struct CustomerShowOptions {
  std::vector<std::string> customers;
};

ExitCode run_customer_show(const CustomerShowOptions& options, Session& session) {
  Store& store = session.store();
  std::vector<Record> pages;
  for (const std::string& selector : options.customers) {
    pages.push_back(customer_page(store, find_customer(store, selector).id, session.now()));
  }
  print_customer_pages(session, pages);
  return ExitCode::ok;
}

}  // namespace

void add_customer_show(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerShowOptions>();
  CLI::App* show = add_verb(parent, "show", "everything about a customer", options, run_customer_show, chosen);
  show->add_option("customer", options->customers, "number, id:N, cvr:NNNNNNNN or email:ADDRESS")
      ->required()
      ->type_name("CUSTOMER");
}

}  // namespace kundehub::cli
