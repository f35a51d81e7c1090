#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "core/service/lookup.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct CustomerListOptions {
  FilterOptions filters;
  std::optional<std::string> sort, limit, after_number;
  bool reverse = false, archived = false, all = false;
};

CustomerOrder parse_order(const std::string& text) {
  if (text == "number") return CustomerOrder::number;
  if (text == "name") return CustomerOrder::name;
  if (text == "created_at") return CustomerOrder::created_at;
  if (text == "updated_at") return CustomerOrder::updated_at;
  throw Error(ErrorKind::usage, tr("customers cannot be sorted by {}", text::quoted(text)),
              tr("use number, name, created_at or updated_at"));
}

CustomerPage read_page(const CustomerListOptions& options) {
  CustomerPage page;
  if (options.sort) page.order = parse_order(*options.sort);
  if (options.reverse) page.direction = Direction::descending;
  if (options.limit) page.limit = parse_count("--limit", *options.limit, 1);
  if (options.after_number) page.after = CustomerNumber::parse(*options.after_number);
  return page;
}

/// Where archived ones are listed, since when they are that.
RecordKind listed_kind(const CustomerListOptions& options) {
  RecordKind kind = customer_kind;
  if (options.all || options.archived) kind.table_columns.emplace_back("archived_at");
  return kind;
}

ExitCode run_customer_list(const CustomerListOptions& options, Session& session) {
  const CustomerPage page = read_page(options);
  CustomerFilter filter = options.filters.filter(session);
  if (options.archived) filter.archived = ArchivedFilter::archived;
  if (options.all) filter.archived = ArchivedFilter::all;
  // A number has its place among numbers whoever has it; among names it needs a customer.
  if (page.after && page.order != CustomerOrder::number) find_customer(session.store(), page.after->text());
  const RecordKind kind = listed_kind(options);
  RecordWriter writer(session.out(), session.options().output, kind, RecordWriter::Shape::many);
  session.store().each_customer(filter, page, session.now(),
                                [&](const CustomerOverview& customer) { writer.add(to_record(customer)); });
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_customer_list(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerListOptions>();
  CLI::App* list =
      add_verb(parent, "list", "all customers, with the number of their contacts", options, run_customer_list, chosen);
  add_filters(*list, options->filters);
  list->add_option("--sort", options->sort, "number (default), name, created_at, updated_at")
      ->type_name("number|name|created_at|updated_at");
  list->add_flag("--reverse", options->reverse, "the other way round");
  list->add_option("--limit", options->limit, "at most so many")->type_name("N");
  list->add_option("--after-number", options->after_number, "the page behind the customer with this number")
      ->type_name("NUMBER");
  CLI::Option* archived = list->add_flag("--archived", options->archived, "only archived ones");
  list->add_flag("--all", options->all, "archived ones too")->excludes(archived);
}

}  // namespace kundehub::cli
