#pragma once

#include <string>
#include <vector>

#include "cli/commands.hpp"

namespace kundehub::cli {

/// Each prints to stdout and ends with 0.
Action print_version();

/// What `kundehub` alone shows: what it is for, the nouns, the first steps.
Action print_overview();

/// Every command in one line, below its noun.
Action print_all_commands();

/// `help`, `help NOUN`, `help NOUN VERB`. Throws Error{usage} with the nearest known name.
Action print_help(const std::vector<std::string>& words);

/// The first line of a command's own help; builds only that command's parser.
std::string summary(const Command& command);

/// One command: how it is called, its options, and the global ones.
Action print_command_help(const Command& command, CLI::App& verb);

}  // namespace kundehub::cli
