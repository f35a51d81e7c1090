#include <ostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "core/durable_file.hpp"
#include "core/exchange/customer_writer.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct CustomerExportOptions {
  FilterOptions filters;
  std::string output = "-";
  bool with_contacts = false, excel = false, archived = false, all = false;
};

exchange::ExportFormat export_format(Format format) {
  switch (format) {
    case Format::csv:
      return exchange::ExportFormat::csv;
    case Format::tsv:
      return exchange::ExportFormat::tsv;
    case Format::jsonl:
      return exchange::ExportFormat::jsonl;
    case Format::json:
      return exchange::ExportFormat::json;
    case Format::vcard:
      return exchange::ExportFormat::vcard;
    default:
      throw Error(ErrorKind::usage, tr("customers are exported as csv, tsv, jsonl, json or vcard"),
                  tr("for other forms: kundehub customer list"));
  }
}

exchange::ExportSettings read_settings(const CustomerExportOptions& options, const OutputOptions& output) {
  if (!output.fields.empty() || !output.header) {
    throw Error(ErrorKind::usage, tr("an export has all fields and its headings, so that it can be imported"),
                tr("for some of them: kundehub customer list --fields"));
  }
  const exchange::ExportSettings settings{export_format(output.format.value_or(Format::csv)),
                                          options.with_contacts ? ContactsToo::yes : ContactsToo::no, options.excel};
  if (settings.excel && settings.format != exchange::ExportFormat::csv)
    throw Error(ErrorKind::usage, tr("--excel is a form of csv, and goes with no other format"));
  return settings;
}

/// Returns how many.
std::int64_t write_customers(Session& session, const CustomerFilter& filter, const exchange::ExportSettings& settings,
                             const exchange::Sink& sink) {
  std::int64_t customers = 0;
  const auto writer = exchange::open_writer(settings, sink);
  session.store().each_customer_text(filter, settings.contacts, session.now(), [&](const CustomerText& customer) {
    writer->add(customer);
    ++customers;
  });
  writer->finish();
  return customers;
}

ExitCode run_customer_export(const CustomerExportOptions& options, Session& session) {
  if (options.output.empty()) throw Error(ErrorKind::usage, tr("--output takes a file, or - for standard output"));
  const exchange::ExportSettings settings = read_settings(options, session.options().output);
  CustomerFilter filter = options.filters.filter(session);
  if (options.archived) filter.archived = ArchivedFilter::archived;
  if (options.all) filter.archived = ArchivedFilter::all;
  if (options.output == "-") {
    write_customers(session, filter, settings, [&](std::string_view text) {
      session.out() << text;
      check_written(session.out());
    });
    return ExitCode::ok;
  }
  std::optional<DurableFile> file;
  session.check_result_file(options.output);
  if (!session.options().dry_run) file.emplace(options.output);
  const auto customers = write_customers(session, filter, settings, [&](std::string_view text) {
    if (file) file->write(text);
  });
  if (file) file->commit();
  session.note(
      file ? tr("{} exported to {}", count_customers(customers), text::quoted(options.output))
           : tr("dry run: {} would be exported to {}", count_customers(customers), text::quoted(options.output)));
  return ExitCode::ok;
}

}  // namespace

void add_customer_export(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerExportOptions>();
  CLI::App* command =
      add_verb(parent, "export", "customers for other programs: csv (default), tsv, jsonl, json or vcard", options,
               run_customer_export, chosen);
  command->footer("--format takes csv, tsv, jsonl, json and vcard here.");
  add_filters(*command, options->filters);
  command->add_option("-o,--output", options->output, "into this file, in one step; - is stdout")->type_name("FILE");
  command->add_flag("--with-contacts", options->with_contacts, "a row, object or card for each contact too");
  command->add_flag("--excel", options->excel, "csv as a Danish Excel opens it");
  CLI::Option* archived = command->add_flag("--archived", options->archived, "only archived ones");
  command->add_flag("--all", options->all, "archived ones too")->excludes(archived);
}

}  // namespace kundehub::cli
