#pragma once

#include <string>
#include <string_view>

#include "cli/output.hpp"

namespace kundehub::cli {

/// What a color of the output means.
enum class Style { plain, good, waiting, bad, faint, bold };

/// What the value of a field means: whether somebody may log in, where a mail stands, how a check has ended.
Style style_of(std::string_view field, const Record& value);

/// `text`, safe for the terminal, between signs that take no room, so that columns stay aligned; a value never has
/// them, since they would be escaped. with_colors() makes SGR codes of them (ECMA-48).
std::string in_style(Style style, std::string text);

/// `text` in color, if `look` wants colors: for what is printed at once.
std::string colored(const OutputOptions& look, Style style, std::string text);

/// A finished text with its signs as colors.
std::string with_colors(std::string text);

/// `text`, which may have been cut off, with an end to the style that is open.
std::string with_closed_styles(std::string text);

}  // namespace kundehub::cli
