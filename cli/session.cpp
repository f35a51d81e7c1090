#include "cli/session.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <istream>
#include <ostream>

#include <fmt/format.h>

#include "cli/exit_code.hpp"
#include "core/mail/mail_module.hpp"
#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/sqlite_maintenance.hpp"
#include "core/store/sqlite/sqlite_store.hpp"
#include "core/text/plain.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/password_file.hpp"

namespace kundehub::cli {
namespace {

std::string login_name() {
  const passwd* user = getpwuid(getuid());
  return user ? user->pw_name : fmt::format("uid {}", getuid());
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

/// `$VARIABLE/kundehub/name`, or the same below the user's home.
std::filesystem::path user_file(const Session& session, const char* variable, const char* below_home,
                                const char* name) {
  const auto base = session.environment(variable);
  const std::filesystem::path folder =
      base ? std::filesystem::path(*base)
           : std::filesystem::path(session.environment("HOME").value_or("/")) / below_home;
  return folder / "kundehub" / name;
}

}  // namespace

void Session::print_line(std::string_view text) {
  m_surroundings.err << m_prefix << text::for_terminal(text) << '\n';
}

void Session::print_hint(std::string_view hint) {
  if (!hint.empty()) print_line(tr("hint: {}", hint));
}

void Session::note(std::string_view text, std::string_view hint) {
  if (m_options.quiet) return;
  print_line(text);
  print_hint(hint);
}

void Session::warn(std::string_view text, std::string_view hint) {
  print_line(tr("warning: {}", text));
  print_hint(hint);
}

void Session::warn_of_refusal(const Error& why) {
  warn(why.what(), why.hint());
  Record refused = Record::object();
  refused["kind"] = to_string(why.kind());
  refused["message"] = text::for_terminal(why.what());
  refused["hint"] = why.hint().empty() ? Record(nullptr) : Record(text::for_terminal(why.hint()));
  m_refused.push_back(std::move(refused));
}

void Session::report(const Error& error, int exit_code) {
  print_line(fmt::format("{}{}", m_batch ? "" : "kundehub: ", error.what()));
  print_hint(error.hint());
  end_with_error(to_string(error.kind()), error.what(), error.hint(), exit_code);
}

void Session::report_end(std::string_view kind, const std::string& message, int exit_code) {
  print_line(fmt::format("kundehub: {}", message));
  end_with_error(kind, message, {}, exit_code);
}

void Session::explain_partial(std::string message, std::string hint) {
  m_partial = std::move(message);
  m_partial_hint = std::move(hint);
}

void Session::report_partial() {
  end_with_error("partial", m_partial.empty() ? tr("some of it was not done") : m_partial, m_partial_hint,
                 static_cast<int>(ExitCode::partial));
}

void Session::end_with_error(std::string_view kind, std::string_view message, std::string_view hint, int exit_code) {
  Record body = Record::object();
  body["kind"] = kind;
  body["message"] = text::for_terminal(message);
  body["hint"] = hint.empty() ? Record(nullptr) : Record(text::for_terminal(hint));
  body["exit"] = exit_code;
  if (!m_refused.empty()) body["refused"] = m_refused;
  m_last_error = std::move(body);
  if (!m_options.json_errors) return;
  Record record = Record::object();
  record["error"] = m_last_error;
  m_surroundings.err << record.dump(-1, ' ', false, Record::error_handler_t::replace) << '\n';
}

std::filesystem::path Session::config_file() const {
  if (m_options.config) return *m_options.config;
  if (const auto named = environment("KUNDEHUB_CONFIG")) return *named;
  const std::filesystem::path own = user_file(*this, "XDG_CONFIG_HOME", ".config", "config.toml");
  const std::filesystem::path system = "/etc/kundehub/config.toml";
  std::error_code error;  // a folder that is not for this user has nothing for them either
  if (std::filesystem::exists(own, error)) return own;
  return std::filesystem::exists(system, error) || geteuid() == 0 ? system : own;
}

const Config& Session::config() {
  if (m_batch) return m_batch->config();
  if (!m_config) {
    const std::filesystem::path file = config_file();
    const bool named = m_options.config || environment("KUNDEHUB_CONFIG");
    if (named && !std::filesystem::exists(file)) {
      throw Error(ErrorKind::config, tr("there is no configuration file {}", text::quoted(file.native())),
                  tr("make one with kundehub init"));
    }
    m_config = std::filesystem::exists(file) ? load_config(file) : Config{};
    use_time_zone(m_config->hub.time_zone);
  }
  return *m_config;
}

std::filesystem::path Session::from_config(const std::string& path) const {
  return config_file().parent_path() / path;
}

std::filesystem::path Session::database_file() {
  if (m_options.database) return *m_options.database;
  if (const auto named = environment("KUNDEHUB_DB")) return *named;
  // A cron job runs in another folder than the admin who wrote the path down.
  if (!config().database.path.empty()) return from_config(config().database.path);
  if (geteuid() == 0) return "/var/lib/kundehub/kundehub.db";
  return user_file(*this, "XDG_DATA_HOME", ".local/share", "kundehub.db");
}

std::optional<std::string> Session::database_origin() const {
  if (m_options.database) return "--db";
  if (environment("KUNDEHUB_DB")) return "KUNDEHUB_DB";
  return std::nullopt;
}

std::filesystem::path Session::key_file() {
  if (const auto folder = environment("CREDENTIALS_DIRECTORY")) {
    std::filesystem::path credential = std::filesystem::path(*folder) / "kundehub.key";
    if (std::filesystem::exists(credential)) return credential;
  }
  std::error_code error;
  std::filesystem::path file = std::filesystem::weakly_canonical(database_file(), error);
  if (error) file = database_file();
  return file += ".key";
}

Session::StoreState Session::create_store() {
  std::optional<gid_t> group;
  if (!config().database.group.empty()) group = sqlite::find_group(config().database.group);
  const sqlite::DatabaseState state = sqlite::create_database(database_file());
  if (group) sqlite::share_with_group(database_file(), *group);
  switch (state) {
    case sqlite::DatabaseState::created:
      return StoreState::created;
    case sqlite::DatabaseState::upgraded:
      return StoreState::upgraded;
    case sqlite::DatabaseState::present:
      break;
  }
  return StoreState::present;
}

void Session::check_result_file(const std::filesystem::path& file) {
  const std::filesystem::path database = database_file();
  std::vector<std::filesystem::path> own{config_file(), key_file()};
  for (const char* suffix : {"", "-journal", ".key", ".write", ".send"}) own.emplace_back(database.native() + suffix);
  for (const std::filesystem::path& one : own) {
    std::error_code error;
    if (!std::filesystem::equivalent(file, one, error)) continue;
    throw Error(ErrorKind::conflict, tr("{} is a file that kundehub itself works with", text::quoted(file.native())),
                tr("name another file for the result"));
  }
}

std::unique_ptr<StoreMaintenance> Session::maintenance() {
  config();
  return std::make_unique<sqlite::SqliteMaintenance>(database_file());
}

Store& Session::store() {
  if (!m_store) {
    config();  // an error in it must not stay hidden behind an option that makes it unneeded
    m_store = std::make_shared<sqlite::SqliteStore>(database_file(), sqlite::Access::read);
    know_erased();
  }
  return *m_store;
}

Store& Session::glance() {
  if (!m_store) {
    m_store = std::make_shared<sqlite::SqliteStore>(database_file(), sqlite::Access::glance);
  }
  return *m_store;
}

Store& Session::writing_store() {
  if (m_store_is_given) return *m_store;
  config();
  m_store.reset();
  m_store = std::make_shared<sqlite::SqliteStore>(database_file(), sqlite::Access::write);
  know_erased();
  return *m_store;
}

/// The key is loaded when there is somebody to know again.
void Session::know_erased() {
  m_store->know_erased([this](const std::string& email_key) { return key().address_hash(email_key); });
}

const LinkKey& Session::key() {
  if (m_batch) return m_batch->key();
  if (!m_key) {
    store();  // without a database its key is not what is missing
    m_key = LinkKey::load(key_file());
  }
  return *m_key;
}

std::filesystem::path Session::template_folder() const {
  return config_file().parent_path() / "templates";
}

const WelcomeTemplates& Session::templates() {
  if (m_batch) return m_batch->templates();
  if (!m_templates) {
    WelcomeTemplates templates = WelcomeTemplates::read(template_folder());
    for (const WelcomeTemplate& one : templates.all()) {
      if (!one.file.empty()) check_template(one);
    }
    m_templates = std::move(templates);
  }
  return *m_templates;
}

Session Session::for_line(std::string prefix, std::ostream& out, std::istream& in, Operation* whole) {
  Surroundings surroundings{.out = out,
                            .err = m_surroundings.err,
                            .in = in,
                            .environment = m_surroundings.environment,
                            .clock = m_surroundings.clock};
  Session line(std::move(surroundings));
  line.m_batch = this;
  line.m_whole = whole;
  line.m_prefix = std::move(prefix);
  line.m_options = m_options;
  if (whole) line.m_options.dry_run = false;  // the whole is taken back, not each part before the next can build on it
  line.m_store = m_store;
  line.m_store_is_given = true;
  return line;
}

bool Session::leaves_mails(const std::vector<WelcomeId>& mails) {
  if (!m_whole) return false;
  m_batch->m_left_mails.insert(m_batch->m_left_mails.end(), mails.begin(), mails.end());
  return true;
}

std::unique_ptr<mail::Mailer> Session::connect(const mail::GiveUp& give_up) {
  return mail::open_mailer(transport_settings(give_up));
}

mail::TransportSettings Session::transport_settings(const mail::GiveUp& give_up) {
  constexpr std::string_view maildir = "maildir:";
  const auto& settings = config().mail;
  const bool is_maildir = settings.transport.starts_with(maildir);
  const auto resolved = [&](const std::string& path) { return path.empty() ? path : from_config(path).native(); };
  const std::string password = read_password(resolved(settings.password_file), environment("CREDENTIALS_DIRECTORY"));
  if (!settings.username.empty() && password.empty()) {
    throw Error(ErrorKind::config, tr("mail.username is set, and there is no password for it"),
                "kundehub config set mail.password_file FILE");
  }
  return {.url = is_maildir ? std::string(maildir) + resolved(settings.transport.substr(maildir.size()))
                            : settings.transport,
          .username = settings.username,
          .password = password,
          .tls_required = settings.tls_required,
          .ca_file = resolved(settings.ca_file),
          .connect_timeout = settings.connect_timeout,
          .reply_timeout = settings.reply_timeout,
          .give_up = give_up};
}

mail::ProbeResult Session::probe_mail_server(Seconds patience) {
  mail::TransportSettings settings = transport_settings({});
  settings.connect_timeout = std::min(settings.connect_timeout, patience);
  settings.reply_timeout = std::min(settings.reply_timeout, patience);
  return mail::probe(settings);
}

std::string Session::ascii_domain(const std::string& domain) {
  return mail::to_ascii_domain(domain);
}

std::string Session::actor() const {
  std::string actor = m_options.actor.value_or("");
  for (const char* variable : {"KUNDEHUB_ACTOR", "SUDO_USER"}) {
    if (actor.empty()) actor = environment(variable).value_or("");
  }
  return text::clean_line("actor", actor.empty() ? login_name() : actor, 100);
}

OperationContext Session::operation_context(Time at) const {
  return {.actor = actor(), .host = host_name(), .command = m_command_line, .at = at};
}

std::string Session::compose(const mail::Message& message) {
  return mail::compose(message);
}

mail::StatusNotification Session::read_notification(const std::string& raw) {
  return mail::read_notification(raw);
}

std::unique_ptr<Operation> Session::begin_operation(Store& store, std::optional<Time> at) {
  const OperationContext context = operation_context(at.value_or(now()));
  const OperationMode mode = m_options.dry_run ? OperationMode::dry_run : OperationMode::keep;
  return m_whole ? m_whole->begin_part(context, mode) : store.begin_operation(context, mode);
}

/// A disk may fail behind the change: who is told that it failed would make it again.
std::optional<OperationId> Session::commit_or_explain(Operation& operation) {
  try {
    return operation.commit();
  } catch (const Error& error) {
    const Saved saved = m_options.dry_run ? Saved::no : operation.is_saved();
    if (saved == Saved::no) throw;
    m_has_changed = true;
    if (saved == Saved::unknown)
      throw Error(error.kind(), tr("{}: the change may be saved or not", error.what()), "kundehub log --limit 1");
    throw Error(error.kind(), tr("the change is saved, but then {}", error.what()), error.hint());
  }
}

std::optional<OperationId> Session::commit(Operation& operation) {
  const auto changed = commit_or_explain(operation);
  m_has_changed = m_has_changed || (changed && !m_options.dry_run);
  if (!changed) {
    note(tr("nothing had to be changed"));
  } else if (m_options.dry_run) {
    note(tr("dry run: nothing was changed"));
  }
  return m_options.dry_run ? std::nullopt : changed;
}

void Session::set_command_line(std::span<const std::string> args) {
  m_command_line = text::join_shell_words(args);
}

void Session::use(std::shared_ptr<Store> store, const LinkKey& key) {
  m_store = std::move(store);
  m_store_is_given = true;
  m_key = key;
  know_erased();
}

}  // namespace kundehub::cli
