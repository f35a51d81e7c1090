#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output.hpp"
#include "core/config.hpp"
#include "core/mail/mailer.hpp"
#include "core/mail/probe.hpp"
#include "core/mail/status_notification.hpp"
#include "core/model/error.hpp"
#include "core/model/operation.hpp"
#include "core/store/operation.hpp"
#include "core/store/store.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/login_link.hpp"
#include "core/welcome/welcome_templates.hpp"

namespace kundehub {
class StoreMaintenance;
}

namespace kundehub::cli {

/// What may stand anywhere on the line.
struct GlobalOptions {
  std::optional<std::string> config, database, actor, color, ui_language;
  OutputOptions output;
  bool json_errors = false;
  bool no_input = false, pager = true, yes = false, dry_run = false, quiet = false, verbose = false;
};

/// What the process has: its streams, its environment, the time.
struct Surroundings {
  std::ostream& out;  ///< results
  std::ostream& err;  ///< everything else
  std::istream& in;
  bool in_is_terminal = false;
  bool err_is_terminal = false;
  std::optional<Screen> screen{};                                      ///< of the terminal that `out` is
  std::function<std::optional<std::string>(const char*)> environment;  ///< absent if unset or empty
  Clock clock;
};

/// What a command may use. Configuration, store, key and mailer are opened on first use; concrete ones are named here
/// and nowhere else.
class Session {
 public:
  explicit Session(Surroundings surroundings) : m_surroundings(std::move(surroundings)) {}

  std::ostream& out() { return m_surroundings.out; }
  std::istream& in() { return m_surroundings.in; }
  GlobalOptions& options() { return m_options; }
  Time now() const { return m_surroundings.clock(); }
  const Clock& clock() const { return m_surroundings.clock; }

  /// True if results may be colored: as --color says, or else on a terminal without NO_COLOR (no-color.org) that is
  /// not `dumb`.
  [[nodiscard]] bool shows_color() const;

  /// What output needs to know of the terminal, the clock and the pager.
  void look_at_terminal(OutputOptions& output) const;

  /// The value of an environment variable; absent if it is unset or empty.
  std::optional<std::string> environment(const char* name) const { return m_surroundings.environment(name); }

  /// Prints a line to stderr, escaped for the terminal, and the command that helps; notes not with --quiet.
  void note(std::string_view text, std::string_view hint = {});
  void warn(std::string_view text, std::string_view hint = {});

  /// Overwrites the line that stands on the terminal, so that a long work shows how far it is; empty text takes it
  /// away. Nothing without a terminal, and with --quiet.
  void show_progress(std::string_view text);

  /// As warn, and with --json among the `refused` of the JSON error that ends a partial success.
  void warn_of_refusal(const Error& why);

  /// Prints an error with its hint, and with --json as JSON too.
  void report(const Error& error, int exit_code);

  /// The same for a lack of memory, without using any.
  void report_no_memory() { m_surroundings.err << "kundehub: out of memory\n"; }

  /// The same for the end of a command that is told by another command's error.
  void report_end(std::string_view kind, const std::string& message, int exit_code);

  /// What report_partial is to say.
  void explain_partial(std::string message, std::string hint);

  /// With --json, says as JSON that some of the command's work was not done; the lines before say what.
  void report_partial();

  /// True if somebody sits at a terminal: stdin and stderr are one.
  [[nodiscard]] bool has_terminal() const { return m_surroundings.in_is_terminal && m_surroundings.err_is_terminal; }

  /// True if questions may be asked: stdin is a terminal and neither --yes nor --no-input is given.
  [[nodiscard]] bool may_ask() const;

  /// Asks, and reads one line. Only if may_ask(). Absent at the end of input.
  std::optional<std::string> ask(std::string_view question);

  /// Asks a yes-or-no question; the answer to an empty line is no.
  bool ask_yes(std::string_view question);

  /// Returns if the user agrees, or --yes is given. Throws Error{unconfirmed} otherwise.
  void confirm(const std::string& question);

  /// Throws Error{config}.
  const Config& config();

  /// The file that `config set` changes and `init` makes, whether it exists or not.
  std::filesystem::path config_file() const;
  std::filesystem::path database_file();

  /// What names the database: `--db`, `KUNDEHUB_DB`, or absent for the configuration and the default.
  std::optional<std::string> database_origin() const;

  /// A path of the configuration: relative ones are meant from its own folder, wherever the command is run.
  std::filesystem::path from_config(const std::string& path) const;

  /// `<database>.key`, or the credential that systemd hands over.
  std::filesystem::path key_file();

  /// What was found where the database belongs, and done about it.
  enum class StoreState { present, upgraded, created };

  /// Makes the database if there is none, and brings an older one up to date. Throws Error{config}.
  StoreState create_store();

  /// The database as a file: its state, checks, backups. Throws Error{config} if there is none.
  std::unique_ptr<StoreMaintenance> maintenance();

  /// For commands that only read. Throws Error{config} if there is no database.
  Store& store();

  /// For who only looks, in passing: as store(), but it waits for no lock and can change nothing. Throws Error{config}
  /// if there is no database, Error{temporary} if a lock is held.
  Store& glance();

  /// For a command line that names a person whom nothing may name: the operation is logged as `command`.
  void log_as(std::string command) { m_command_line = std::move(command); }

  /// For commands that change something: takes its place among the writers first.
  Store& writing_store();

  /// Throws Error{config}.
  const LinkKey& key();

  /// Where the admin's own templates are, whether it exists or not: `templates` beside the configuration file.
  std::filesystem::path template_folder() const;

  /// The templates that mails are written with, each of them checked. Throws Error{config}.
  const WelcomeTemplates& templates();

  /// Opens the mail module on first use. Throws Error{config}.
  std::unique_ptr<mail::Mailer> connect(const mail::GiveUp& give_up = {});

  /// Talks to the SMTP server as a mail would, and sends none; waits for each answer no longer than `patience`. Opens
  /// the mail module. Throws Error{config} as connect.
  mail::ProbeResult probe_mail_server(Seconds patience);

  /// The domain as the DNS knows it; empty if it is none. Opens the mail module.
  std::string ascii_domain(const std::string& domain);

  /// A message as it goes over the wire. Opens the mail module. Throws Error{bad_data}.
  std::string compose(const mail::Message& message);

  /// A mail as a delivery status notification. Opens the mail module. Throws Error{config}.
  mail::StatusNotification read_notification(const std::string& raw);

  /// Who changes things: --actor, KUNDEHUB_ACTOR, SUDO_USER or the login name. Throws Error{bad_data}.
  [[nodiscard]] std::string actor() const;

  /// Who changes something, and with which command line.
  [[nodiscard]] OperationContext operation_context(Time at) const;

  /// Begins the command's one change, in the name of the actor and with the command line that `run` was given. `at`:
  /// the moment it carries, if not now.
  std::unique_ptr<Operation> begin_operation(Store& store, std::optional<Time> at = std::nullopt);

  /// Commits it, and says so if there was nothing to change or it was a dry run. Returns the operation that was kept,
  /// if any.
  std::optional<OperationId> commit(Operation& operation);

  /// True once something has been made durable: a failure behind it cannot mean that nothing was changed.
  [[nodiscard]] bool has_changed() const { return m_has_changed; }

  /// For what is made durable without an operation.
  void mark_changed() { m_has_changed = true; }

  /// For a line of a batch: it shares configuration, store and key with this one, has the same options, and what it
  /// says begins with `prefix`. With `whole`, its change is a part of that one, and its mails wait. This one has to
  /// outlive it.
  Session for_line(std::string prefix, std::ostream& out, std::istream& in, Operation* whole);

  /// The error that the command ended with, as in JSON; null if there was none.
  [[nodiscard]] const Record& last_error() const { return m_last_error; }

  /// Throws Error{conflict} if `file` is the database, its link key, one of its lock files or the configuration: no
  /// result takes their place.
  void check_result_file(const std::filesystem::path& file);

  /// True for a line of a batch: stdin is not its own.
  [[nodiscard]] bool is_line() const { return m_batch != nullptr; }

  /// True if nothing stays of what the command does, be it a line of a batch.
  [[nodiscard]] bool is_dry_run() const { return m_options.dry_run || (m_batch && m_batch->m_options.dry_run); }

  /// True if this command's change is a part of another one.
  [[nodiscard]] bool is_part() const { return m_whole != nullptr; }

  /// True if what this command queues is delivered later by the batch that it is a line of: then `mails` are kept for
  /// it.
  bool leaves_mails(const std::vector<WelcomeId>& mails);

  /// The mails that the lines of a batch have left.
  [[nodiscard]] const std::vector<WelcomeId>& left_mails() const { return m_left_mails; }

  /// Called by `run`: the words of the command line.
  void set_command_line(std::span<const std::string> args);

  /// Tests bring their own.
  void use(std::shared_ptr<Store> store, const LinkKey& key);

 private:
  void know_erased();
  mail::TransportSettings transport_settings(const mail::GiveUp& give_up);
  void print_line(std::string_view text);
  void print_hint(std::string_view hint);
  void end_with_error(std::string_view kind, std::string_view message, std::string_view hint, int exit_code);

  std::optional<OperationId> commit_or_explain(Operation& operation);

  Surroundings m_surroundings;
  std::string m_prefix;          ///< of every line on stderr
  Session* m_batch = nullptr;    ///< of a line
  Operation* m_whole = nullptr;  ///< what its change is a part of
  std::vector<WelcomeId> m_left_mails;
  GlobalOptions m_options;
  std::string m_command_line;
  std::optional<Config> m_config;
  std::shared_ptr<Store> m_store;
  bool m_store_is_given = false;
  bool m_has_changed = false;
  Record m_refused = Record::array();
  Record m_last_error;
  std::string m_partial, m_partial_hint;
  std::optional<LinkKey> m_key;
  std::optional<WelcomeTemplates> m_templates;
};

}  // namespace kundehub::cli
