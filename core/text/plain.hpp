#pragma once

#include <string>
#include <string_view>

namespace kundehub::text {

/// A value of one line as it is stored: NFC, blanks around it removed (no-break spaces and tabs too), inner runs of
/// blanks kept. Throws Error{bad_data} that names `field`, quotes the escaped value and says what is wrong: not UTF-8;
/// a control character, line or paragraph separator; a bidirectional override or another invisible format character
/// (but U+200C and U+200D, which some scripts need); more than 30 combining marks in a row (UAX #15, stream-safe text);
/// more than `max_chars` code points.
std::string clean_line(std::string_view field, std::string_view value, std::size_t max_chars = 200);

/// As clean_line, but newlines (stored as LF) and tabs are allowed. For notes.
std::string clean_block(std::string_view field, std::string_view value, std::size_t max_chars = 20000);

}  // namespace kundehub::text
