#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/config/new_value.hpp"
#include "cli/options.hpp"
#include "core/config_edit.hpp"
#include "core/durable_file.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct ConfigUnsetOptions {
  std::string key;
};

ExitCode run_config_unset(const ConfigUnsetOptions& options, Session& session) {
  const std::filesystem::path file = session.config_file();
  const ConfigTurn turn(file);
  const std::string old = std::filesystem::exists(file) ? read_config(file) : std::string();
  const std::string toml = unset_config_value(old, options.key);
  if (toml == old) {
    session.note(tr("{} is not set in {}", options.key, file.native()));
  } else if (session.options().dry_run) {
    session.note(tr("dry run: {} would go back to its default", options.key));
  } else {
    write_file_durably(file, toml);
    session.note(tr("{} is back to its default", options.key));
  }
  print_new_value(session, toml, options.key);
  return ExitCode::ok;
}

}  // namespace

void add_config_unset(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ConfigUnsetOptions>();
  CLI::App* unset =
      add_verb(parent, "unset", "take a setting out of the configuration file", options, run_config_unset, chosen);
  unset->add_option("key", options->key, "as kundehub config list names it")->required()->type_name("SETTING");
}

}  // namespace kundehub::cli
