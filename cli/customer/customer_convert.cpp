#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/customer/customer_page.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/customer_life.hpp"
#include "core/service/lookup.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct CustomerConvertOptions {
  std::string customer, to;
  std::optional<std::string> name;
};

ExitCode run_customer_convert(const CustomerConvertOptions& options, Session& session) {
  check_fields(session.options().output, customer_page_kind);
  const CustomerKind to = parse_customer_kind(options.to);
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const Customer customer = find_customer(store, options.customer);
  const auto before = contacts_of(store, customer.id, session.now());
  const auto dropped = convert_customer(*operation, store, customer, to, options.name);
  const auto after = contacts_of(store, customer.id, session.now());
  const Record page = customer_page(store, customer.id, session.now());
  session.commit(*operation);
  for (const std::string& what : dropped) session.note(tr("{} is dropped", what));
  tell_of_lost_invitations(session, before, after);
  print_customer_page(session, page);
  return ExitCode::ok;
}

}  // namespace

void add_customer_convert(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerConvertOptions>();
  CLI::App* convert = add_verb(parent, "convert", "make a business of a private customer, or the other way round",
                               options, run_customer_convert, chosen);
  convert->add_option("customer", options->customer, "number, id:N, cvr:NNNNNNNN or email:ADDRESS")
      ->required()
      ->type_name("CUSTOMER");
  convert->add_option("--to", options->to, "business or private")->required()->type_name("business|private");
  convert->add_option("--name", options->name, "its new name; without it, a business keeps the person's")
      ->type_name("NAME");
}

}  // namespace kundehub::cli
