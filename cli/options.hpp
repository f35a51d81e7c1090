#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "core/model/selector.hpp"

/// Options that several commands share, and how CLI11 has to be told about them.
namespace kundehub::cli {

/// `--name` and `--no-name`, or neither.
struct Toggle {
  bool on = false, off = false;

  [[nodiscard]] std::optional<bool> value() const { return on || off ? std::optional(on) : std::nullopt; }
};

/// Both at once are refused when the line is parsed.
void add_toggle(CLI::App& app, const std::string& name, Toggle& toggle, const std::string& help,
                const std::string& no_help);

/// An option that may be given several times, each time with one value that is taken as it is.
CLI::Option* add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                          const std::string& help);

/// A whole number of at least `least`, in decimal. Throws Error{usage} that names `option`.
int parse_count(std::string_view option, std::string_view text, int least);

/// The list filters of CLI.md.
struct FilterOptions {
  std::optional<std::string> kind, hub, module, welcome, since;
  std::vector<std::string> tags, where;

  /// Throws Error{usage} or Error{bad_data}.
  [[nodiscard]] CustomerFilter filter(Session& session) const;
};
void add_filters(CLI::App& app, FilterOptions& options);

/// A verb's parser below its noun, and what it does: `run` gets the options and the session.
template <class Options>
CLI::App* add_verb(CLI::App& parent, const std::string& verb, const std::string& summary,
                   std::shared_ptr<Options> options, ExitCode (*run)(const Options&, Session&), Action& chosen) {
  CLI::App* app = parent.add_subcommand(verb, summary);
  app->callback(
      [options, run, &chosen] { chosen = [options, run](Session& session) { return run(*options, session); }; });
  return app;
}

}  // namespace kundehub::cli
