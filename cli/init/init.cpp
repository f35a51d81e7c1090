#include <ostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/config/config_text.hpp"
#include "cli/options.hpp"

namespace kundehub::cli {
namespace {

struct InitOptions {
  std::optional<std::string> company, hub_url, mail_from, transport;
  bool force = false;
};

const RecordKind init_kind{{"config", "config_created", "database", "database_created", "key", "key_created"},
                           {"config", "config_created", "database", "database_created", "key", "key_created"},
                           [](const Record& record) { return record.at("database").get<std::string>(); }};

struct Question {
  const char* key;
  std::optional<std::string> InitOptions::*answer;
  const char* text;
};

constexpr Question questions[] = {
    {"hub.company", &InitOptions::company, "Company that runs the HUB:"},
    {"hub.url", &InitOptions::hub_url, "Address of the HUB, as https://hub.example.dk:"},
    {"mail.from", &InitOptions::mail_from, "Sender of the welcome mails, as Example <hub@example.dk>:"},
    {"mail.transport", &InitOptions::transport, "Mail server, as smtp://mail.example.dk, or maildir:PATH to try out:"},
};

/// What was left open is asked on a terminal; an empty answer leaves it unset.
InitOptions ask_for_rest(InitOptions options, Session& session) {
  if (!session.may_ask()) return options;
  for (const Question& question : questions) {
    auto& answer = options.*question.answer;
    if (!answer) answer = session.ask(question.text).value_or("");
  }
  return options;
}

std::string write_config(const InitOptions& options, const std::string& old) {
  std::string toml = old.empty() ? "# The settings of kundehub; kundehub config list explains them.\n" : old;
  for (const Question& question : questions) {
    const auto& value = options.*question.answer;
    if (value && !value->empty()) toml = set_config_value(toml, question.key, *value);
  }
  return toml;
}

/// False if there is a file and it may stay. With --force the given settings go into the file that is there.
bool make_config(const InitOptions& options, Session& session, const std::filesystem::path& file) {
  const bool exists = std::filesystem::exists(file);
  if (exists && !options.force) {
    const bool given = options.company || options.hub_url || options.mail_from || options.transport;
    if (given) {
      throw Error(ErrorKind::conflict, fmt::format("there is a configuration file {} already", file.native()),
                  "add --force to set these values in it, or use kundehub config set");
    }
    return false;
  }
  const std::string toml = write_config(ask_for_rest(options, session), read_config_text(file));
  parse_config(toml, file.native());
  if (!session.options().dry_run) write_file_durably(file, toml);
  return !exists;
}

ExitCode run_init(const InitOptions& options, Session& session) {
  const std::filesystem::path config = session.config_file();
  const bool config_made = make_config(options, session, config);
  Record record;
  record["config"] = config.native();
  record["config_created"] = config_made;
  if (session.options().dry_run) {
    session.note("dry run: nothing was made");
    record["database"] = nullptr;
    record["database_created"] = record["key"] = record["key_created"] = nullptr;
  } else {
    const std::filesystem::path database = session.database_file();
    record["database"] = database.native();
    record["database_created"] = session.create_store();
    record["key"] = session.key_file().native();
    record["key_created"] = LinkKey::create(session.key_file());
    session.key();
  }
  RecordWriter writer(session.out(), session.options().output, init_kind, RecordWriter::Shape::one);
  writer.add(record);
  writer.finish();
  session.note(
      "keep a copy of the link key where the database's backups are not: without it the links that are out end");
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
  init->add_option("--transport", options->transport, "maildir:PATH, smtp://host[:port] or smtps://host[:port]")
      ->type_name("URL");
  init->add_flag("--force", options->force, "change a configuration file that is there");
}

}  // namespace kundehub::cli
