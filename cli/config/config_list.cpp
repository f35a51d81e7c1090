#include <algorithm>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct ConfigListOptions {
  bool show_origin = false;
};

std::string setting_id(const Record& record) {
  return record.at("key").get<std::string>();
}

const RecordKind setting_kind{{"key", "value", "help"}, {"key", "value", "help"}, setting_id};
const RecordKind setting_with_origin_kind{{"key", "value", "help", "origin"}, {"key", "value", "origin"}, setting_id};

/// The keys that the configuration file sets; none if there is no file.
std::vector<std::string> keys_of_file(Session& session) {
  const std::filesystem::path file = session.config_file();
  if (!std::filesystem::exists(file)) return {};
  const std::string toml = read_config(file);
  const auto keys = config_keys_in(toml);
  return {keys.begin(), keys.end()};
}

std::string find_origin(Session& session, const std::vector<std::string>& in_file, std::string_view key) {
  const auto outside = key == "database.path" ? session.database_origin() : std::nullopt;
  if (outside) return *outside;
  return std::ranges::find(in_file, key) != in_file.end() ? session.config_file().native() : "default";
}

std::string value_in_force(Session& session, std::string_view key) {
  if (key == "database.path") return session.database_file().native();
  return config_value(session.config(), key);
}

ExitCode run_config_list(const ConfigListOptions& options, Session& session) {
  session.config();
  const auto in_file = keys_of_file(session);
  RecordWriter writer(session.out(), session.options().output,
                      options.show_origin ? setting_with_origin_kind : setting_kind, RecordWriter::Shape::many);
  for (const ConfigKey& key : config_keys()) {
    const std::string value = value_in_force(session, key.name);
    Record record = Record::object();
    record["key"] = key.name;
    record["value"] = value.empty() ? Record(nullptr) : Record(value);
    record["help"] = tr_text(key.help);
    if (options.show_origin) record["origin"] = find_origin(session, in_file, key.name);
    writer.add(record);
  }
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_config_list(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ConfigListOptions>();
  CLI::App* list = add_verb(parent, "list", "every setting with its value in force", options, run_config_list, chosen);
  list->add_flag("--show-origin", options->show_origin,
                 "where each comes from: --db, KUNDEHUB_DB, the configuration file, or default");
}

}  // namespace kundehub::cli
