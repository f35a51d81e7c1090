#pragma once

#include <filesystem>
#include <string>

namespace kundehub::cli {

/// What stands in the configuration file; empty if there is none. Throws Error{no_input} if it cannot be read.
std::string read_config_text(const std::filesystem::path& file);

}  // namespace kundehub::cli
