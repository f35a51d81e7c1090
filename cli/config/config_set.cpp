#include <ostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/config/config_text.hpp"
#include "cli/options.hpp"
#include "core/text/terminal.hpp"

namespace kundehub::cli {
namespace {

struct ConfigSetOptions {
  std::string key, value;
};

ExitCode run_config_set(const ConfigSetOptions& options, Session& session) {
  const std::filesystem::path file = session.config_file();
  const std::string toml = set_config_value(read_config_text(file), options.key, options.value);
  if (session.options().dry_run) {
    session.note(fmt::format("dry run: {} would be set in {}", options.key, file.native()));
  } else {
    write_file_durably(file, toml);
    session.note(fmt::format("{} is set in {}", options.key, file.native()));
  }
  return ExitCode::ok;
}

}  // namespace

void add_config_set(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ConfigSetOptions>();
  CLI::App* set =
      add_verb(parent, "set", "change a setting in the configuration file", options, run_config_set, chosen);
  set->add_option("key", options->key, "as kundehub config list names it")->required()->type_name("KEY");
  set->add_option("value", options->value, "lists with commas, durations as 90s, 30m, 12h, 3d, 2w")
      ->required()
      ->type_name("VALUE");
}

}  // namespace kundehub::cli
