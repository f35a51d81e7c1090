#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace kundehub::cli {

/// Who reads a value: people get `yes` and `no`, programs `true` and `false`.
enum class Reader { person, program };

/// A value on its own, without quotes: null is empty, a list its elements with commas between, an object `key=value`
/// with commas between, anything deeper compact JSON. Not escaped in any way.
std::string to_plain_text(const nlohmann::ordered_json& value, Reader reader);

/// JSON in which invalid UTF-8 has become U+FFFD. `indent` blanks a level, or compact for -1.
std::string to_json_text(const nlohmann::ordered_json& value, int indent);

/// A field of RFC 4180: in quotes if it has to be.
std::string to_csv_field(std::string_view text);

/// A field of a TSV file: tab, newline, CR and backslash as `\t`, `\n`, `\r`, `\\`.
std::string to_tsv_field(std::string_view text);

/// Columns aligned by what a terminal shows, two blanks between, nothing cut off. The text must hold nothing that a
/// terminal obeys. No `headings`: none are printed.
std::string to_table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows);

}  // namespace kundehub::cli
