#include <ostream>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "core/text/terminal.hpp"

namespace kundehub::cli {
namespace {

struct ConfigPathOptions {};

ExitCode run_config_path(const ConfigPathOptions&, Session& session) {
  session.out() << text::for_terminal(session.config_file().native()) << '\n';
  return ExitCode::ok;
}

}  // namespace

void add_config_path(CLI::App& parent, Action& chosen) {
  add_verb(parent, "path", "where the configuration file is, or would be", std::make_shared<ConfigPathOptions>(),
           run_config_path, chosen);
}

}  // namespace kundehub::cli
