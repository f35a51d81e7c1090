#include <algorithm>
#include <array>
#include <ostream>
#include <sstream>

#include <fmt/format.h>

#include "cli/batch/batch_lines.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/output_values.hpp"
#include "cli/parser.hpp"
#include "cli/run.hpp"
#include "cli/welcome/sending.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct BatchOptions {
  std::string file = "-";
  bool atomic = false, keep_going = false;
};

/// What changes or asks for something else than the one database and configuration that all lines share.
constexpr std::array<std::string_view, 9> never_in_batch{
    "init", "batch", "help", "config set", "config unset", "template edit", "db migrate", "db restore", "db key"};

/// What cannot be taken back, or takes a turn of its own to write.
constexpr std::array<std::string_view, 7> never_in_atomic{
    "customer import", "customer export", "welcome deliver", "welcome bounces", "portal login", "db backup", "undo"};

template <class Names>
bool is_among(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// Runs the lines of one batch.
class Batch {
 public:
  Batch(const BatchOptions& options, Session& session)
      : m_options(options), m_session(session), m_lines(session, options.file) {}

  ExitCode run() {
    Store& store = m_session.store();  // every line uses it
    if (m_options.atomic) {
      m_lines.read_ahead();  // others must not wait for whoever writes the lines
      m_whole = m_session.begin_operation(store);
    }
    const ExitCode failed = run_lines();
    if (failed != ExitCode::ok) m_whole.reset();
    if (failed != ExitCode::ok) return failed;
    if (m_options.atomic) return finish_whole();
    return m_failures > 0 ? ExitCode::partial : ExitCode::ok;
  }

 private:
  /// The code of the first line that failed, if the batch ends with it.
  ExitCode run_lines() {
    for (;;) {
      std::optional<std::vector<std::string>> words;
      Outcome outcome;
      try {
        words = m_lines.next();
        if (!words) return ExitCode::ok;
        check(*words);
        outcome = run_line(*words);
      } catch (const Error& error) {
        outcome = refuse(error);
      }
      print(outcome);
      if (outcome.code == 0) {
        ++m_done;
        continue;
      }
      ++m_failures;
      if (!m_options.keep_going || m_lines.is_broken()) return end_with(outcome);
    }
  }

  struct Outcome {
    int code = 0;
    std::string printed{};
    bool is_json = false;  ///< what it printed
    Record error{};
  };

  [[nodiscard]] std::string prefix() const { return fmt::format("batch: line {}: ", m_lines.number()); }

  void check(const std::vector<std::string>& words) const {
    if (words.front() == "kundehub")
      throw Error(ErrorKind::usage, tr("a line of a batch begins with the command"), tr("leave out the word kundehub"));
    const auto command = leading_words(words);
    const std::string first = command.empty() ? std::string() : command[0];
    const std::string name = command.size() > 1 ? first + ' ' + command[1] : first;
    if (is_among(never_in_batch, first) || is_among(never_in_batch, name))
      throw Error(ErrorKind::usage, tr("{} cannot be a line of a batch", name), tr("run it by itself"));
    if (m_whole && is_among(never_in_atomic, name)) {
      throw Error(ErrorKind::usage, tr("{} cannot be a part of a batch --atomic", name),
                  tr("run it before or after the batch"));
    }
    for (const std::string& word : words) {
      for (const std::string_view option : {"--config", "--db", "--actor", "--ui-language"}) {
        if (word != option && !word.starts_with(fmt::format("{}=", option))) continue;
        throw Error(ErrorKind::usage, tr("{} is for the whole batch, not for a line of it", option),
                    fmt::format("kundehub batch {} ...", option));
      }
    }
  }

  Outcome run_line(const std::vector<std::string>& words) {
    std::ostringstream held;
    std::istringstream nothing;
    const bool holds = m_whole || is_json();
    Session line = m_session.for_line(prefix(), holds ? held : m_session.out(), nothing, m_whole.get());
    Outcome outcome;
    outcome.code = cli::run(words, line);
    outcome.printed = held.str();
    outcome.error = line.last_error();
    outcome.is_json = line.options().output.format == Format::json;
    if (line.has_changed() && !m_whole) m_session.mark_changed();
    return outcome;
  }

  /// A line that was not run.
  Outcome refuse(const Error& error) {
    std::ostringstream nowhere;
    std::istringstream nothing;
    Session line = m_session.for_line(prefix(), nowhere, nothing, nullptr);
    const int code = static_cast<int>(exit_code(error.kind()));
    line.report(error, code);
    return {.code = code, .error = line.last_error()};
  }

  [[nodiscard]] bool is_json() const { return m_session.options().output.format == Format::json; }

  /// What a line of an atomic batch prints waits until it is kept.
  void print(const Outcome& outcome) {
    const std::string text = is_json() ? to_json_text(record_of(outcome), -1) + '\n' : outcome.printed;
    if (m_whole && outcome.code == 0) {
      m_held += text;
    } else if (is_json() || !m_whole) {
      m_session.out() << text;
    }
  }

  [[nodiscard]] Record record_of(const Outcome& outcome) const {
    Record record = Record::object();
    record["line"] = m_lines.number();
    record["exit"] = outcome.code;
    const Record parsed = outcome.is_json ? Record::parse(outcome.printed, nullptr, false) : Record();
    const bool is_record = parsed.is_object() || parsed.is_array();
    record["result"] = is_record ? parsed : outcome.printed.empty() ? Record(nullptr) : Record(outcome.printed);
    if (outcome.code != 0) record["error"] = outcome.error;
    return record;
  }

  /// The line has told what is wrong; this tells what that means for the others.
  ExitCode end_with(const Outcome& outcome) {
    const std::string others = m_options.atomic ? tr("nothing was changed")
                               : m_done == 0    ? tr("no line is done")
                                                : tr_n("{} before it is done", "{} before it are done", m_done, m_done);
    // With 5 some of it would be done, and of an atomic batch nothing is.
    const bool is_undone = m_options.atomic && outcome.code == static_cast<int>(ExitCode::partial);
    int code = is_undone ? static_cast<int>(ExitCode::conflict) : outcome.code;
    if (m_options.keep_going && m_done > 0) code = static_cast<int>(ExitCode::partial);
    m_session.report_end(outcome.error.is_object() ? outcome.error.value("kind", "failed") : "failed",
                         tr("batch: stopped at line {}: {}", m_lines.number(), others), code);
    return static_cast<ExitCode>(code);
  }

  ExitCode finish_whole() {
    m_session.commit(*m_whole);
    m_whole.reset();
    m_session.out() << m_held;
    std::vector<WelcomeId> mails;  // a later line may have taken one back
    for (const WelcomeId id : m_session.left_mails()) {
      const auto mail = m_session.store().welcome(id, m_session.now());
      if (mail && is_pending(mail->state)) mails.push_back(id);
    }
    return deliver_for_change(m_session, mails);
  }

  const BatchOptions& m_options;
  Session& m_session;
  BatchLines m_lines;
  std::unique_ptr<Operation> m_whole;  ///< with --atomic
  std::string m_held;
  std::size_t m_done = 0, m_failures = 0;
};

ExitCode run_batch(const BatchOptions& options, Session& session) {
  if (session.options().output.format == Format::jsonl) session.options().output.format = Format::json;
  return Batch(options, session).run();
}

}  // namespace

void add_batch(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<BatchOptions>();
  CLI::App* batch =
      add_verb(parent, "batch", "run the commands of a file, one a line, in one process", options, run_batch, chosen);
  batch->add_option("file", options->file, "the file; - is stdin (default)")->type_name("FILE");
  CLI::Option* atomic =
      batch->add_flag("--atomic", options->atomic, "all lines or none, as one operation; mail leaves after it");
  batch->add_flag("--keep-going", options->keep_going, "go on after a line that failed; the exit code is 5 then")
      ->excludes(atomic);
}

}  // namespace kundehub::cli
