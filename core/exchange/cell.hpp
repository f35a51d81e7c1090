#pragma once

#include <string>
#include <string_view>

/// The cells of tables that spreadsheets read: RFC 4180, with any separator.
namespace kundehub::exchange {

/// Appends the text as a cell, in quotes where it needs them. Text that a spreadsheet would run as a formula (OWASP,
/// CSV Injection) gets an apostrophe before it, and so does text that has one there already, so that `unguarded` finds
/// the original again; a telephone number such as `+45 12345678` is none.
void append_cell(std::string& line, std::string_view text, char separator);

/// Appends the text as a cell just as it is, in quotes where it needs them.
void append_quoted(std::string& line, std::string_view text, char separator);

/// The text without the apostrophe that append_cell put before it.
std::string_view unguarded(std::string_view text);

}  // namespace kundehub::exchange
