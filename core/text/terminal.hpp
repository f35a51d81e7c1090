#pragma once

#include <string>
#include <string_view>

namespace kundehub::text {

/// `text` with everything a terminal might obey or hide made visible: control characters (C0, DEL, C1), line and
/// paragraph separators, bidirectional controls and invisible format characters as `\u{1B}`, invalid bytes as `\xFF`.
/// U+200C and U+200D stay. A backslash stays as it is.
std::string for_terminal(std::string_view text);

/// As for_terminal, but LF and tab stay. For notes and mail text.
std::string for_terminal_block(std::string_view text);

/// `"text"` for messages, escaped as by for_terminal and cut after 200 code points with `…`.
std::string quoted(std::string_view text);

}  // namespace kundehub::text
