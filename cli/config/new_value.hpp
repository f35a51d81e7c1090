#pragma once

#include <string>

#include "cli/session.hpp"

namespace kundehub::cli {

/// For who asks for it with --format: what the setting `key` is with the configuration `toml`, as `config get` prints
/// it.
void print_new_value(Session& session, const std::string& toml, const std::string& key);

}  // namespace kundehub::cli
