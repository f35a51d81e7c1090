#include "cli/commands.hpp"
#include "cli/options.hpp"

namespace kundehub::cli {
namespace {

struct ConfigGetOptions {
  std::string key;
};

ExitCode run_config_get(const ConfigGetOptions& options, Session& session) {
  const std::string value = config_value(session.config(), options.key);
  print_text(session.out(), session.options().output, value);
  return ExitCode::ok;
}

}  // namespace

void add_config_get(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ConfigGetOptions>();
  CLI::App* get = add_verb(parent, "get", "the value of one setting", options, run_config_get, chosen);
  get->add_option("key", options->key, "as kundehub config list names it")->required()->type_name("SETTING");
}

}  // namespace kundehub::cli
