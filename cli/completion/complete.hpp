#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/commands.hpp"

namespace kundehub::cli {

/// The first word of what the shells' scripts ask: `kundehub __complete WORD...`, the words of a command line behind
/// the program's name. The last one, perhaps empty, is to be completed.
inline constexpr std::string_view completion_request = "__complete";

/// Prints what may stand in the last word's place. The first line is `:words`, or `:files` or `:folders` if the names
/// of files or folders may stand there besides; each other line is a whole word, and behind a tab what it stands for. A
/// word that ends in `:`, `=` or `,` goes on. No word holds what a terminal obeys.
///
/// Always ends with 0. Changes nothing, asks nothing, waits for nothing, and says nothing of what is wrong: without a
/// database there are only fewer words.
Action print_candidates(std::span<const std::string> words);

}  // namespace kundehub::cli
