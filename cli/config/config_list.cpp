#include "cli/commands.hpp"
#include "cli/options.hpp"

namespace kundehub::cli {
namespace {

struct ConfigListOptions {};

const RecordKind setting_kind{{"key", "value", "help"}, {"key", "value", "help"}, [](const Record& record) {
                                return record.at("key").get<std::string>();
                              }};

ExitCode run_config_list(const ConfigListOptions&, Session& session) {
  RecordWriter writer(session.out(), session.options().output, setting_kind, RecordWriter::Shape::many);
  for (const ConfigKey& key : config_keys()) {
    const std::string value = config_value(session.config(), key.name);
    Record record;
    record["key"] = key.name;
    record["value"] = value.empty() ? Record(nullptr) : Record(value);
    record["help"] = key.help;
    writer.add(record);
  }
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_config_list(CLI::App& parent, Action& chosen) {
  add_verb(parent, "list", "every setting with its value in force", std::make_shared<ConfigListOptions>(),
           run_config_list, chosen);
}

}  // namespace kundehub::cli
