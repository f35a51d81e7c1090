#pragma once

#include <optional>
#include <string>

#include "core/config.hpp"

namespace kundehub {

/// The mail server's password: the first line of `kundehub.password` in systemd's `credentials_directory`, or of
/// `mail.password_file`; empty if neither is there. Throws Error{config} if the file cannot be read or others may read
/// it.
std::string read_password(const Config& config, const std::optional<std::string>& credentials_directory);

}  // namespace kundehub
