#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/log/change_report.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "core/model/selector.hpp"
#include "core/service/lookup.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct LogOptions {
  std::string operation;
  std::optional<std::string> customer, since, limit;
};

ExitCode show_operation(const LogOptions& options, Session& session) {
  if (options.customer || options.since || options.limit || session.options().actor)
    throw Error(ErrorKind::usage, tr("an operation is either named or selected"), tr("leave out the one or the other"));
  const OutputOptions& output = session.options().output;
  check_fields(output, operation_page_kind);
  Store& store = session.store();
  const OperationEntry entry = find_operation(store, options.operation);
  if (output.format.value_or(Format::table) == Format::table && output.fields.empty()) {
    print_difference(session, store, entry);
    return ExitCode::ok;
  }
  Record record = to_record(entry);
  record["changes"] = changes_record(store, entry.id);
  RecordWriter writer(session.out(), output, operation_page_kind, RecordWriter::Shape::one);
  writer.add(record);
  writer.finish();
  return ExitCode::ok;
}

ExitCode run_log(const LogOptions& options, Session& session) {
  if (!options.operation.empty()) return show_operation(options, session);
  RecordWriter writer(session.out(), session.options().output, operation_kind, RecordWriter::Shape::many);
  OperationFilter filter{.actor = session.options().actor};
  if (options.since) filter.since = parse_date(*options.since, session.now());
  std::optional<std::int64_t> limit;
  if (options.limit) limit = parse_count("--limit", *options.limit, 1);
  Store& store = session.store();
  if (options.customer) filter.customer = find_past_customer(store, *options.customer);
  store.each_operation(filter, limit, [&](const OperationEntry& entry) { writer.add(to_record(entry)); });
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_log(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<LogOptions>();
  CLI::App* log = add_verb(parent, "log", "who changed what, and when; newest first", options, run_log, chosen);
  log->add_option("operation", options->operation, "op:N: what it changed, field by field")->type_name("OPERATION");
  log->add_option("--customer", options->customer, "only what touched this customer, also a deleted one")
      ->type_name("CUSTOMER");
  log->add_option("--since", options->since, "only since this time")->type_name("DATE");
  log->add_option("--limit", options->limit, "at most so many")->type_name("N");
  log->footer("With --actor NAME: only what that one did.");
}

}  // namespace kundehub::cli
