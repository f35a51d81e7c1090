#include <ostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/config/new_value.hpp"
#include "cli/options.hpp"
#include "core/durable_file.hpp"
#include "core/service/hub_access.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct ConfigSetOptions {
  std::string key, value;
};

/// A default that no customer can have would make every `customer add` fail.
void check_default_modules(Session& session, const std::string& toml) {
  if (!std::filesystem::exists(session.database_file())) return;
  check_modules(session.store(), parse_config(toml, tr("the new configuration")).new_customer.modules);
}

ExitCode run_config_set(const ConfigSetOptions& options, Session& session) {
  const std::filesystem::path file = session.config_file();
  const ConfigTurn turn(file);
  const std::string old = std::filesystem::exists(file) ? read_config(file) : std::string();
  const std::string toml = set_config_value(old, options.key, options.value);
  if (options.key == "new_customer.modules") check_default_modules(session, toml);
  if (session.options().dry_run) {
    session.note(tr("dry run: {} would be set in {}", options.key, file.native()));
  } else {
    write_file_durably(file, toml);
    session.note(tr("{} is set in {}", options.key, file.native()));
  }
  print_new_value(session, toml, options.key);
  return ExitCode::ok;
}

}  // namespace

void add_config_set(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ConfigSetOptions>();
  CLI::App* set =
      add_verb(parent, "set", "change a setting in the configuration file", options, run_config_set, chosen);
  set->add_option("key", options->key, "as kundehub config list names it")->required()->type_name("SETTING");
  set->add_option("value", options->value, "lists with commas, durations as 90s, 30m, 12h, 3d, 2w")
      ->required()
      ->type_name("VALUE");
}

}  // namespace kundehub::cli
