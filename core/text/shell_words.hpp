#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kundehub::text {

/// One word as a POSIX shell would have to be given it, quoted where needed (Shell Command Language, section 2.2).
/// Hints are pasted, so what a record or a file is called must not be obeyed.
std::string shell_word(std::string_view word);

/// A command line of such words.
std::string join_shell_words(std::span<const std::string> words);

/// The words of a line, quoted as for a POSIX shell (Shell Command Language, section 2.2), of which nothing is
/// expanded:
/// `$`, `*`, `;` and the like stand for themselves. A word that begins with `#` begins a comment. Throws
/// Error{bad_data} for a quote that is not closed.
std::vector<std::string> split_shell_words(std::string_view line);

}  // namespace kundehub::text
