#pragma once

#include <span>
#include <string>
#include <string_view>

namespace kundehub::text {

/// One word as a POSIX shell would have to be given it, quoted where needed (Shell Command Language, section 2.2).
/// Hints are pasted, so what a record or a file is called must not be obeyed.
std::string shell_word(std::string_view word);

/// A command line of such words.
std::string join_shell_words(std::span<const std::string> words);

}  // namespace kundehub::text
