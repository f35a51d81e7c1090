#include <ostream>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "core/text/terminal.hpp"

namespace kundehub::cli {
namespace {

struct ConfigGetOptions {
  std::string key;
};

ExitCode run_config_get(const ConfigGetOptions& options, Session& session) {
  const std::string value = config_value(session.config(), options.key);
  const Format format = session.options().output.format.value_or(Format::table);
  if (format == Format::json || format == Format::jsonl) {
    session.out() << Record(value).dump() << '\n';
  } else {
    session.out() << text::for_terminal(value) << '\n';
  }
  return ExitCode::ok;
}

}  // namespace

void add_config_get(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ConfigGetOptions>();
  CLI::App* get = add_verb(parent, "get", "the value of one setting", options, run_config_get, chosen);
  get->add_option("key", options->key, "as kundehub config list names it")->required()->type_name("SETTING");
}

}  // namespace kundehub::cli
