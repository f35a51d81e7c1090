#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace kundehub {

/// The mail server's password: the first line of `kundehub.password` in systemd's `credentials_directory`, or of
/// `password_file`; empty if neither is there. Throws Error{config} if the file cannot be read or others may read
/// it.
std::string read_password(const std::filesystem::path& password_file,
                          const std::optional<std::string>& credentials_directory);

}  // namespace kundehub
