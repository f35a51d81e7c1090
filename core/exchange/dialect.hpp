#pragma once

#include <optional>
#include <string_view>

#include "core/exchange/table_reader.hpp"

namespace kundehub::exchange {

/// Tells a table's delimiter from its headings and first rows: the one of comma, semicolon, tab and bar that finds most
/// known headings, and then most cells. A first line `sep=;`, which spreadsheets write, decides.
Dialect find_dialect(std::string_view start);

/// The length of a first line `sep=;` with its line end; 0 without one.
std::size_t length_of_separator_line(std::string_view start);

/// Reads `--delimiter`: one character of ASCII, or `tab`. Throws Error{usage}.
char parse_delimiter(std::string_view text);

}  // namespace kundehub::exchange
