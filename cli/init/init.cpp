#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/db/key_change.hpp"
#include "cli/options.hpp"
#include "core/durable_file.hpp"
#include "core/store/operation.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct InitOptions {
  std::optional<std::string> company, hub_url, mail_from, transport;
  bool force = false;
};

const RecordKind init_kind{
    {"config", "config_created", "database", "database_created", "key", "key_created", "database_upgraded"},
    {"config", "config_created", "database", "database_created", "key", "key_created", "database_upgraded"},
    [](const Record& record) { return record.at("database").get<std::string>(); }};

struct Question {
  const char* key;
  std::optional<std::string> InitOptions::*answer;
  const char* text;
};

constexpr Question questions[] = {
    {"hub.company", &InitOptions::company, translatable("Company that runs the HUB:")},
    {"hub.url", &InitOptions::hub_url, translatable("Address of the HUB, as https://hub.example.dk:")},
    {"mail.from", &InitOptions::mail_from, translatable("Sender of the welcome mails, as Example <hub@example.dk>:")},
    {"mail.transport", &InitOptions::transport,
     translatable("Mail server, as smtp://mail.example.dk, or maildir:PATH to try out:")},
};

std::string write_config(const InitOptions& options, const std::string& old) {
  std::string toml = old.empty() ? tr("# The settings of kundehub; kundehub config list explains them.\n") : old;
  for (const Question& question : questions) {
    const auto& value = options.*question.answer;
    if (value && !value->empty()) toml = set_config_value(toml, question.key, *value);
  }
  return toml;
}

bool is_usable(const InitOptions& options, const std::string& old, const std::filesystem::path& file,
               Session& session) {
  try {
    parse_config(write_config(options, old), file.native());
    return true;
  } catch (const Error& error) {
    session.warn(error.what(), error.hint());
    return false;
  }
}

/// What was left open is asked on a terminal, again if the answer is no good; an empty one leaves it unset.
InitOptions ask_for_rest(InitOptions options, const std::string& old, const std::filesystem::path& file,
                         Session& session) {
  if (!session.may_ask()) return options;
  parse_config(write_config(options, old), file.native());  // what no answer can mend
  for (const Question& question : questions) {
    auto& answer = options.*question.answer;
    if (answer) continue;
    do {
      answer = session.ask(tr_text(question.text));
      if (!answer) return options;
    } while (!is_usable(options, old, file, session));
  }
  return options;
}

/// Without them no mail can be sent, which had better be known now.
void tell_of_missing(const Config& config, Session& session) {
  std::string missing;
  for (const char* key : {"hub.url", "mail.from", "mail.transport"}) {
    if (config_value(config, key).empty()) missing += fmt::format("{}{}", missing.empty() ? "" : ", ", key);
  }
  if (!missing.empty())
    session.note(tr("not set yet, and needed before a welcome mail can be sent: {}", missing),
                 "kundehub config set SETTING VALUE");
}

/// True if the options say nothing that the file does not say already.
bool says_the_same(const InitOptions& options, const std::string& old, const std::filesystem::path& file) {
  const Config before = parse_config(old, file.native());
  const Config after = parse_config(write_config(options, old), file.native());
  return std::ranges::all_of(questions, [&](const Question& question) {
    return config_value(before, question.key) == config_value(after, question.key);
  });
}

/// What is to stand in the configuration file; absent if the one that is there stays as it is. With --force the given
/// settings go into it.
std::optional<std::string> plan_config(const InitOptions& options, Session& session,
                                       const std::filesystem::path& file) {
  const bool exists = std::filesystem::exists(file);
  const std::string old = exists ? read_config(file) : std::string();
  if (exists && !options.force) {
    if (says_the_same(options, old, file)) return std::nullopt;
    throw Error(ErrorKind::conflict, tr("there is a configuration file {} already", file.native()),
                tr("add --force to set these values in it, or use kundehub config set"));
  }
  std::string toml = write_config(ask_for_rest(options, old, file, session), old);
  tell_of_missing(parse_config(toml, file.native()), session);
  return toml;
}

/// Links that another key made can never be redeemed: they must not look as if they could.
void end_links_of_lost_key(Session& session) {
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  operation->end_all_links(LinkEnd::rotated);
  operation->commit();
  session.warn(tr("the link key is new: every login link that was out has ended"), "kundehub welcome status --verbose");
  warn_of_forgotten(session, store);
}

/// A database without its key has lost it. The old links end before there is a new key, or a run that died in between
/// would leave them looking alive.
bool make_key(Session& session, Session::StoreState store) {
  const bool lost = store != Session::StoreState::created &&
                    !std::filesystem::exists(std::filesystem::symlink_status(session.key_file()));
  if (lost) end_links_of_lost_key(session);
  const bool made = LinkKey::create(session.key_file());
  session.key();
  return made;
}

void make_database_and_key(Session& session, Record& record) {
  const Session::StoreState store = session.create_store();
  bool key_made = false;
  try {
    key_made = make_key(session, store);
  } catch (...) {
    if (store == Session::StoreState::created) std::filesystem::remove(session.database_file());
    throw;
  }
  record["database"] = session.database_file().native();
  record["database_created"] = store == Session::StoreState::created;
  record["database_upgraded"] = store == Session::StoreState::upgraded;
  record["key"] = session.key_file().native();
  record["key_created"] = key_made;
  if (key_made)
    session.note(
        tr("keep a copy of the link key where the database's backups are not: without it the links that are out end"));
}

ExitCode run_init(const InitOptions& options, Session& session) {
  const std::filesystem::path file = session.config_file();
  const ConfigTurn turn(file);
  const bool existed = std::filesystem::exists(file);
  const auto toml = plan_config(options, session, file);
  Record record = Record::object();
  record["config"] = file.native();
  record["config_created"] = !existed;
  for (const char* key : {"database", "database_created", "key", "key_created", "database_upgraded"})
    record[key] = nullptr;
  if (session.options().dry_run) {
    session.note(tr("dry run: nothing was made"));
  } else {
    const std::string old = existed ? read_config(file) : std::string();
    if (toml) write_file_durably(file, *toml);
    try {
      make_database_and_key(session, record);
      session.mark_changed();
    } catch (...) {
      // All of it or nothing: the next try must not meet half of this one.
      if (toml && existed) write_file_durably(file, old);
      if (toml && !existed) std::filesystem::remove(file);
      throw;
    }
  }
  if (toml && existed && !session.options().dry_run) session.note(tr("the settings are saved in {}", file.native()));
  RecordWriter writer(session.out(), session.options().output, init_kind, RecordWriter::Shape::one);
  writer.add(record);
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_init(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<InitOptions>();
  CLI::App* init =
      add_verb(parent, "init", "make the configuration, the database and the link key", options, run_init, chosen);
  init->add_option("--company", options->company, "who runs the HUB")->type_name("NAME");
  init->add_option("--hub-url", options->hub_url, "the HUB's address, https://...")->type_name("URL");
  init->add_option("--mail-from", options->mail_from, "sender of the welcome mails")->type_name("MAILBOX");
  init->add_option("--transport", options->transport,
                   "maildir:PATH, sendmail:PATH, smtp://host[:port] or smtps://host[:port]")
      ->type_name("URL");
  init->add_flag("--force", options->force, "change a configuration file that is there");
}

}  // namespace kundehub::cli
