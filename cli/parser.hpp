#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace kundehub::cli {

/// Reads the command line into the session's options and the one thing to do; for `help`, `--help` and `--version` that
/// is to print them. Only the named command's parser is built. Throws Error{usage} with the nearest known name.
Action parse(std::span<const std::string> args, Session& session);

/// The command that a line names: the first words that are neither options nor values of global options, at most two.
std::vector<std::string> leading_words(std::span<const std::string> args);

}  // namespace kundehub::cli
