#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/config_keys.hpp"

namespace kundehub {

/// `toml` without `key`, its line (with a comment at its end) gone, everything else as it was; `toml` itself if the key
/// is not in it. Throws Error{not_found} for an unknown key, Error{config} if `toml` is malformed.
std::string unset_config_value(std::string_view toml, std::string_view key);

}  // namespace kundehub

/// Changes to the text of a TOML file that leave the rest of it alone. They know lines and places, not what is there.
namespace kundehub::config_edit {

/// A place in a text: line and column from 1, columns in code points.
struct Place {
  std::size_t line = 1, column = 1;
};

/// From the first character to the one after the last.
struct Stretch {
  Place begin, end;
};

/// The value as TOML writes it, text quoted and escaped.
std::string to_toml(const ConfigValue& value);

/// `text` with `replacement` in place of `stretch`.
std::string replace(std::string_view text, const Stretch& stretch, std::string_view replacement);

/// `text` with a further line after line `after`, indented like line `model`.
std::string insert_line(std::string_view text, std::size_t after, std::size_t model, std::string_view line);

/// `text` with `[section]` and one line in it at the end, after a blank line.
std::string append_section(std::string_view text, std::string_view section, std::string_view line);

/// `text` without the lines from `first` to `last`.
std::string remove_lines(std::string_view text, std::size_t first, std::size_t last);

}  // namespace kundehub::config_edit
