#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/config.hpp"

namespace kundehub {

/// Of `mail.connections`: no mail server likes more.
inline constexpr int max_connections = 64;

/// A setting's value before it is checked, in the forms that TOML and the command line have for it.
using ConfigValue = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;

/// All there is to know about one key. Reading, printing and changing the configuration know keys from here only.
struct ConfigRule {
  ConfigKey key;
  std::string_view form;  ///< the form that is wanted, to follow `wants`: `a duration in quotes, such as "3d"`

  /// Stores the value. Throws Error{bad_data} that names the key if it has another form or is refused.
  void (*read)(Config&, const ConfigValue&, std::string_view key);

  /// As config_value shows it.
  std::string (*print)(const Config&);

  /// Turns what the admin typed into the form that `read` takes: lists are split at commas. Throws Error{bad_data}.
  ConfigValue (*from_text)(std::string_view text, std::string_view key);
};

/// Every key, in the order of the manual; the keys of a section stand together.
std::span<const ConfigRule> config_rules();

/// Null for an unknown key.
const ConfigRule* find_config_rule(std::string_view key);

/// `did you mean mail.transport`, or empty if no key is near. A key without its section counts as near.
std::string config_key_hint(std::string_view key);

/// The part before the dot.
std::string_view section_of(const ConfigKey& key);

/// The part after the dot.
std::string_view name_in_section(const ConfigKey& key);

}  // namespace kundehub
