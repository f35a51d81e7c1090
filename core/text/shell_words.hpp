#pragma once

#include <span>
#include <string>

namespace kundehub::text {

/// The words as a POSIX shell would have to be given them, quoted where needed (Shell Command Language, section 2.2).
std::string join_shell_words(std::span<const std::string> words);

}  // namespace kundehub::text
