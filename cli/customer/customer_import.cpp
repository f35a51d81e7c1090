#include <algorithm>
#include <filesystem>
#include <istream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/customer/import_report.hpp"
#include "cli/customer/rejection_log.hpp"
#include "cli/input.hpp"
#include "cli/options.hpp"
#include "cli/welcome/sending.hpp"
#include "core/durable_file.hpp"
#include "core/exchange/rejects.hpp"
#include "core/service/hub_access.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/send_plan.hpp"

namespace kundehub::cli {
namespace {

using exchange::Completeness, exchange::OnDuplicate;

constexpr int sample_size = 3;
constexpr std::int64_t warnings_shown = 20;
constexpr std::size_t mails_at_once = 500;
constexpr std::size_t differences_kept = 1000;

struct CustomerImportOptions {
  std::string file, from = "auto", encoding = "auto", kind = "auto", on_duplicate = "fail";
  std::optional<std::string> delimiter, match, rejects, max_errors;
  bool headerless = false, atomic = false, partial = false, empty_clears = false, welcome = false;
  std::vector<std::string> map, modules, tags;
  Toggle hub;
};

/// Reads one of a few words. Throws Error{usage}.
template <class Value>
Value parse_word(std::string_view option, std::string_view word,
                 std::initializer_list<std::pair<std::string_view, Value>> known) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : known) {
    if (name == word) return value;
    names.push_back(name);
  }
  throw Error(ErrorKind::usage, tr("{} takes {}, not {}", option, fmt::join(names, ", "), text::quoted(word)));
}

exchange::RecordSettings record_settings(const CustomerImportOptions& options) {
  using exchange::ImportFormat;
  using Format = std::optional<ImportFormat>;
  exchange::RecordSettings settings;
  settings.format = parse_word<Format>(
      "--from", options.from,
      {{"auto", Format{}}, {"csv", ImportFormat::csv}, {"tsv", ImportFormat::tsv}, {"jsonl", ImportFormat::jsonl}});
  if (options.delimiter) settings.delimiter = exchange::parse_delimiter(*options.delimiter);
  settings.has_headings = !options.headerless;
  for (const std::string& choice : options.map) settings.choices.push_back(exchange::parse_column_choice(choice));
  return settings;
}

std::optional<text::Encoding> read_encoding(const CustomerImportOptions& options) {
  using Told = std::optional<text::Encoding>;
  return parse_word<Told>("--encoding", options.encoding,
                          {{"auto", Told{}},
                           {"utf-8", text::Encoding::utf8},
                           {"cp1252", text::Encoding::cp1252},
                           {"utf-16", text::Encoding::utf16}});
}

/// The rows that are not in the file of rejects would be gone, if that took the list's place.
void check_rejects(const CustomerImportOptions& options) {
  const std::filesystem::path rejects = *options.rejects;
  std::error_code error;
  if (options.rejects->empty() || rejects == "-")
    throw Error(ErrorKind::usage, tr("--rejects takes the name of a file"));
  if (std::filesystem::equivalent(rejects, options.file, error))
    throw Error(ErrorKind::usage, tr("--rejects names the list itself"),
                tr("write the rejected rows into another file"));
  if (rejects.has_parent_path() && !std::filesystem::is_directory(rejects.parent_path(), error)) {
    throw Error(ErrorKind::no_output, tr("there is no folder {}", text::quoted(rejects.parent_path().native())),
                tr("make it first"));
  }
}

exchange::ImportRules read_rules(const CustomerImportOptions& options) {
  if (options.rejects && !options.partial) {
    throw Error(ErrorKind::usage, tr("--rejects goes with --partial only: otherwise one bad row keeps all others out"),
                tr("add --partial"));
  }
  if (options.rejects) check_rejects(options);
  exchange::ImportRules rules;
  if (options.match) {
    rules.match = parse_word<MatchKey>(
        "--match", *options.match, {{"number", MatchKey::number}, {"cvr", MatchKey::cvr}, {"email", MatchKey::email}});
  }
  rules.on_duplicate = parse_word<OnDuplicate>(
      "--on-duplicate", options.on_duplicate,
      {{"fail", OnDuplicate::fail}, {"skip", OnDuplicate::skip}, {"update", OnDuplicate::update}});
  if (options.empty_clears && rules.on_duplicate != OnDuplicate::update)
    throw Error(ErrorKind::usage, tr("--empty-clears goes with --on-duplicate update only"));
  rules.completeness = options.partial ? Completeness::partial : Completeness::atomic;
  rules.merge.empty = options.empty_clears ? exchange::EmptyCells::clear : exchange::EmptyCells::keep;
  rules.merge.adds_modules = !options.modules.empty();
  if (options.max_errors) rules.max_errors = parse_count("--max-errors", *options.max_errors, 0);
  rules.keeps_texts = options.rejects.has_value();
  return rules;
}

exchange::ImportPolicy read_policy(const CustomerImportOptions& options, Session& session, Store& store) {
  using Kind = std::optional<CustomerKind>;
  const auto& defaults = session.config().new_customer;
  exchange::ImportPolicy policy;
  policy.kind = parse_word<Kind>(
      "--kind", options.kind,
      {{"auto", Kind{}}, {"business", CustomerKind::business}, {"private", CustomerKind::private_person}});
  policy.defaults.country = Country::parse(defaults.country);
  policy.defaults.language = parse_language(defaults.language);
  policy.defaults.hub = defaults.hub ? HubSwitch::on : HubSwitch::off;
  for (const std::string& module : defaults.modules) insert_sorted(policy.defaults.modules, module);
  if (const auto hub = options.hub.value()) policy.hub = *hub ? HubSwitch::on : HubSwitch::off;
  for (const std::string& module : options.modules) insert_sorted(policy.modules, module);
  for (const std::string& tag : options.tags) insert_sorted(policy.tags, parse_tag(tag));
  check_modules(store, policy.defaults.modules);
  check_modules(store, policy.modules);
  policy.known_modules = store.modules();
  return policy;
}

/// One import, from the file to the report.
class Import {
 public:
  Import(const CustomerImportOptions& options, Session& session);
  ExitCode run();

 private:
  void watch();
  void tell_of_columns();
  void check_choices();
  std::vector<WelcomeId> enter(bool is_complete, std::optional<DurableFile>& rejects);
  void write_rejects(DurableFile& file);
  [[noreturn]] void give_up();
  std::vector<WelcomeId> invite(Operation& operation, const EnteredRecords& entered);
  ExitCode conclude(const std::vector<WelcomeId>& mails);

  const CustomerImportOptions& m_options;
  Session& m_session;
  exchange::ImportRules m_rules;
  exchange::RecordSettings m_record_settings;
  Store& m_store;
  exchange::CustomerBuilder m_builder;
  exchange::TextSource m_source;
  std::unique_ptr<exchange::RecordReader> m_records;
  std::unique_ptr<ImportStage> m_stage;
  exchange::Importer m_importer;
  ImportReport m_report;
  std::vector<ContactId> m_contacts;  ///< of the file, that the store had or got by an update
  RejectionLog m_rejections;
  std::int64_t m_warnings = 0;
  bool m_is_done = false;
};

Import::Import(const CustomerImportOptions& options, Session& session)
    : m_options(options),
      m_session(session),
      m_rules(read_rules(options)),
      m_record_settings(record_settings(options)),
      m_store(session.store()),
      m_builder(read_policy(options, session, m_store)),
      m_source(open_input(session, options.file), read_encoding(options)),
      m_records(exchange::open_records(m_source, m_record_settings)),
      m_stage(m_store.open_import_stage(session.now())),
      m_importer(*m_records, m_builder, *m_stage, m_rules) {
  m_report.file = options.file;
}

void Import::watch() {
  m_importer.on_row = [this, rows = std::int64_t{0}]() mutable {
    constexpr std::int64_t step = 10'000;
    if (++rows % step == 0) m_session.show_progress(tr("{} rows read", rows));
  };
  m_importer.on_warning = [this](const RowPlace& place, const std::string& text) {
    if (++m_warnings > warnings_shown) return;
    m_session.show_progress("");
    m_session.warn(tr("row {} (line {}): {}", place.row, place.line, text));
  };
  if (m_session.options().dry_run) {
    m_importer.on_difference = [this](const exchange::ImportDifference& difference) {
      if (m_report.differences.size() < differences_kept) {
        m_report.differences.push_back(difference);
      } else {
        ++m_report.more_differences;
      }
    };
  }
  if (m_options.welcome) m_importer.on_contact = [this](ContactId id) { m_contacts.push_back(id); };
}

void Import::tell_of_columns() {
  constexpr std::size_t shown = 30;
  std::vector<std::string> unknown;
  std::size_t more = 0;
  for (const exchange::ImportColumn& column : m_records->columns()) {
    if (column.field || column.is_reason || column.is_chosen || column.name.empty()) continue;
    if (unknown.size() == shown) {
      ++more;
    } else {
      unknown.push_back(text::quoted(column.name));
    }
  }
  if (unknown.empty()) return;
  m_session.note(tr_n("not imported: the column {}{}", "not imported: the columns {}{}", unknown.size(),
                      fmt::join(unknown, ", "), more > 0 ? tr(" and {} more", more) : ""),
                 tr("--map COLUMN=FIELD says what one holds, --map COLUMN=none that it is to be left out"));
}

/// In JSON Lines only the end of the file shows that nothing is called so.
void Import::check_choices() {
  const auto& columns = m_records->columns();
  for (const exchange::ColumnChoice& choice : m_record_settings.choices) {
    const bool is_used = std::any_of(columns.begin(), columns.end(), [&](const auto& column) {
      return column.is_chosen && column.field == choice.field;
    });
    if (is_used) continue;
    throw Error(ErrorKind::usage, tr("nothing in the file is called {}", text::quoted(choice.column)),
                tr("members of contacts are called contact_NAME here"));
  }
}

void Import::write_rejects(DurableFile& file) {
  if (m_source.decoder().encoding() != text::Encoding::utf8 || m_source.decoder().has_mark())
    file.write("\xEF\xBB\xBF");
  file.write(exchange::rejects_heading(*m_records, m_record_settings.has_headings));
  m_stage->each_rejection([&](const RowRejection& rejection) {
    file.write(exchange::rejected_line(rejection.text, rejection.reason, *m_records));
  });
}

/// Nothing enters: says why.
void Import::give_up() {
  const auto& counts = m_report.counts;
  const ErrorKind kind = m_rejections.has_bad_data() ? ErrorKind::bad_data : ErrorKind::conflict;
  if (m_rules.max_errors && counts.rejected > *m_rules.max_errors) {
    throw Error(kind, tr("more than {} rows are rejected: nothing was imported", *m_rules.max_errors),
                tr("mend the rows, or say with --map what the columns hold"));
  }
  const std::string what =
      tr_n("{} of {} rows is rejected: nothing was imported", "{} of {} rows are rejected: nothing was imported",
           static_cast<std::size_t>(counts.rejected), counts.rejected, counts.rows);
  if (!m_rejections.has_bad_data() && counts.duplicates > 0 && m_rules.on_duplicate == OnDuplicate::fail)
    throw Error(kind, what,
                tr("--on-duplicate skip leaves out who is there already, --on-duplicate update changes them"));
  throw Error(kind, what,
              m_options.partial || counts.rejected == counts.rows
                  ? tr("mend the rows, or say with --map what the columns hold")
                  : tr("mend the rows, or import the others with --partial --rejects FILE"));
}

/// Whoever of the file's contacts has access and never got one. A few hundred at a time: there may be very many.
std::vector<WelcomeId> Import::invite(Operation& operation, const EnteredRecords& entered) {
  if (!m_options.welcome) return {};
  std::vector<WelcomeId> mails;
  std::vector<ContactOverview> invited;
  std::int64_t without = 0;
  const auto invite_them = [&] {
    const auto more = invite_all(operation, m_session, invited, LinkPolicy::keep);
    mails.insert(mails.end(), more.begin(), more.end());
    invited.clear();
  };
  const auto consider = [&](ContactId id) {
    const auto contact = m_store.contact(id, operation.at());
    if (!contact) return;
    if (plan_send(*contact, TargetKind::selection).decision == SendDecision::send) invited.push_back(*contact);
    if (welcome_refusal(*contact)) ++without;
    if (invited.size() == mails_at_once) invite_them();
  };
  for (ContactId id = entered.first_contact; id <= entered.last_contact; ++id.value) consider(id);
  for (const ContactId id : m_contacts) consider(id);
  invite_them();
  if (without > 0) {
    m_session.warn(
        tr_n("{} contact gets no mail: they have no HUB access or no address",
             "{} contacts get no mail: they have no HUB access or no address", static_cast<std::size_t>(without),
             without),
        m_options.hub.on ? tr("kundehub hub status says what is missing") : tr("--hub gives access to all of them"));
  }
  return mails;
}

/// Everything that others have to wait for.
std::vector<WelcomeId> Import::enter(bool is_complete, std::optional<DurableFile>& rejects) {
  auto operation = m_session.begin_operation(m_store, m_stage->at());
  const auto entered = is_complete ? m_importer.enter(*operation, m_store) : std::nullopt;
  std::vector<WelcomeId> mails;
  if (entered) mails = invite(*operation, *entered);
  m_report.mails = static_cast<std::int64_t>(mails.size());
  m_report.counts = m_importer.counts();
  if (m_session.options().dry_run) m_report.sample = m_stage->sample(sample_size);
  m_rejections.note(*m_stage);
  m_is_done = entered && (m_report.counts.rejected == 0 || m_report.counts.rejected < m_report.counts.rows);
  if (!m_is_done) return {};
  if (rejects) write_rejects(*rejects);
  m_report.operation = m_session.commit(*operation);
  if (rejects) rejects->commit();
  return mails;
}

ExitCode Import::run() {
  std::optional<DurableFile> rejects;
  if (m_options.rejects) m_session.check_result_file(*m_options.rejects);
  if (m_options.rejects && !m_session.options().dry_run) rejects.emplace(*m_options.rejects);
  watch();
  const bool is_complete = m_importer.collect();
  m_session.show_progress("");
  if (m_warnings > warnings_shown) m_session.warn(tr("and {} more such rows", m_warnings - warnings_shown));
  tell_of_columns();
  check_choices();
  const auto mails = enter(is_complete, rejects);
  m_stage.reset();  // and with it what it has set on the store's connection
  m_rejections.tell(m_session);
  return conclude(mails);
}

ExitCode Import::conclude(const std::vector<WelcomeId>& mails) {
  m_report.format = m_records->format();
  m_report.encoding = text::to_string(m_source.decoder().encoding());
  m_report.delimiter = m_records->delimiter();
  m_report.columns = m_records->columns();
  m_report.rejections = m_rejections.first();
  const ExitCode sent = deliver_for_change(m_session, mails);
  if (m_is_done || m_session.options().dry_run) print_import_report(m_session, m_report);
  if (!m_is_done) give_up();
  if (m_report.counts.rejected == 0) return sent;
  m_session.explain_partial(tr("{} of {} rows were not imported", m_report.counts.rejected, m_report.counts.rows),
                            m_options.rejects ? tr("mend {} and import it", text::shell_word(*m_options.rejects))
                                              : tr("--rejects FILE keeps them for mending"));
  return ExitCode::partial;
}

ExitCode run_customer_import(const CustomerImportOptions& options, Session& session) {
  check_fields(session.options().output, import_kind);
  if (options.welcome) require_mail(session);
  return Import(options, session).run();
}

}  // namespace

void add_customer_import(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerImportOptions>();
  CLI::App* command = add_verb(parent, "import", "customers and contacts from a spreadsheet or another program",
                               options, run_customer_import, chosen);
  command->add_option("file", options->file, "CSV, TSV or JSON Lines; - is stdin")->required()->type_name("FILE|-");
  command->add_option("--from", options->from, "auto, csv, tsv or jsonl")->type_name("auto|csv|tsv|jsonl");
  command->add_option("--encoding", options->encoding, "auto, utf-8, cp1252 or utf-16")
      ->type_name("auto|utf-8|cp1252|utf-16");
  command->add_option("--delimiter", options->delimiter, "between cells: one character, or tab; else it is found")
      ->type_name("C");
  command->add_option("--kind", options->kind, "business or private, for all; auto tells them apart")
      ->type_name("business|private|auto");
  command->add_flag("--headerless", options->headerless, "the first row is a customer; --map 1=name names columns");
  add_repeated(*command, "--map", options->map, "what a column holds; several times")->type_name("COLUMN=FIELD");
  command
      ->add_option("--match", options->match,
                   "number, cvr or email: what makes a customer the same; else whichever a row has")
      ->type_name("number|cvr|email");
  command->add_option("--on-duplicate", options->on_duplicate, "fail, skip or update")->type_name("fail|skip|update");
  command->add_flag("--empty-clears", options->empty_clears, "an update takes away what the file has empty");
  CLI::Option* atomic =
      command->add_flag("--atomic", options->atomic, "all rows or none (this is so unless --partial)");
  command->add_flag("--partial", options->partial, "import the good rows, reject the others")->excludes(atomic);
  command->add_option("--rejects", options->rejects, "with --partial: write the rejected rows here")->type_name("FILE");
  command->add_option("--max-errors", options->max_errors, "give up behind so many rejected rows")->type_name("N");
  add_toggle(*command, "hub", options->hub, "switch HUB access on for all", translatable("switch it off for all"));
  add_repeated(*command, "--module", options->modules, "switch a HUB module on for all; several times")
      ->type_name("MODULE");
  add_repeated(*command, "--tag", options->tags, "a tag for all; several times")->type_name("TAG");
  command->add_flag("--welcome", options->welcome, "send a welcome mail to whoever has access and never got one");
}

}  // namespace kundehub::cli
