#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "core/service/customer_search.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct CustomerSearchOptions {
  std::vector<std::string> words;
  std::optional<std::string> limit;
};

RecordKind found_kind() {
  RecordKind kind = customer_kind;
  kind.fields.insert(kind.fields.end(), {"match_field", "match"});
  kind.table_columns = {"number", "kind", "name", "contacts", "hub", "archived_at", "match"};
  return kind;
}

ExitCode run_customer_search(const CustomerSearchOptions& options, Session& session) {
  constexpr int shown_at_most = 50;
  const int limit = options.limit ? parse_count("--limit", *options.limit, 1) : shown_at_most;
  const std::string words = fmt::format("{}", fmt::join(options.words, " "));
  const RecordKind kind = found_kind();
  RecordWriter writer(session.out(), session.options().output, kind, RecordWriter::Shape::many);
  const SearchResult result = search_customers(session.store(), words, static_cast<std::size_t>(limit), session.now());
  for (const FoundCustomer& found : result.customers) {
    Record record = to_record(found.customer);
    record["match_field"] = to_string(found.match.field);
    record["match"] = found.match.text;
    writer.add(record, Mark{"match", found.match.begin, found.match.end});
  }
  writer.finish();
  if (result.customers.empty()) session.note(tr("no customer matches {}", text::quoted(words)));
  if (result.in_all > result.customers.size()) {
    session.note(
        tr("{} of {} customers are shown", result.customers.size(), result.in_all),
        fmt::format("kundehub customer search --limit {} {}", result.in_all, text::join_shell_words(options.words)));
  }
  return ExitCode::ok;
}

}  // namespace

void add_customer_search(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerSearchOptions>();
  CLI::App* search =
      add_verb(parent, "search", "find customers by number, name, CVR, e-mail, phone and contacts; best first", options,
               run_customer_search, chosen);
  search->add_option("text", options->words, "what to look for; every word has to match")
      ->type_name("TEXT")
      ->required();
  search->add_option("--limit", options->limit, "at most so many (50)")->type_name("N");
}

}  // namespace kundehub::cli
