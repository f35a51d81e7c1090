#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "core/embedded.hpp"
#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct CompletionOptions {
  std::string shell;
};

constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};

ExitCode run_completion(const CompletionOptions& options, Session& session) {
  if (std::ranges::find(shells, options.shell) == shells.end()) {
    const auto near = text::nearest(options.shell, shells);
    throw Error(ErrorKind::usage, tr("no completion for the shell {}", text::quoted(options.shell)),
                near ? tr("did you mean {}", *near) : tr("there is one for {}", fmt::join(shells, ", ")));
  }
  session.out() << embedded_file("kundehub." + options.shell);
  return ExitCode::ok;
}

}  // namespace

void add_completion(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CompletionOptions>();
  CLI::App* completion = add_verb(parent, "completion", "a script that makes your shell complete command lines",
                                  options, run_completion, chosen);
  completion->add_option("shell", options->shell, "the shell it is for")
      ->required()
      ->type_name(fmt::format("{}", fmt::join(shells, "|")));
}

}  // namespace kundehub::cli
