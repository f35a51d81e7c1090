#include "cli/commands.hpp"
#include "cli/options.hpp"

namespace kundehub::cli {
namespace {

struct ConfigPathOptions {};

ExitCode run_config_path(const ConfigPathOptions&, Session& session) {
  print_text(session.out(), session.options().output, session.config_file().native());
  return ExitCode::ok;
}

}  // namespace

void add_config_path(CLI::App& parent, Action& chosen) {
  add_verb(parent, "path", "where the configuration file is, or would be", std::make_shared<ConfigPathOptions>(),
           run_config_path, chosen);
}

}  // namespace kundehub::cli
