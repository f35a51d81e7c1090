#pragma once

#include <filesystem>

#include "core/store/sqlite/connection.hpp"

namespace kundehub::sqlite {

/// Copies the database to `file` (mode 0600) with SQLite's backup, under another name until all of it is on the disk; a
/// file of that name is replaced. Throws Error{no_output}, and SQLite::Exception.
void back_up(Connection& database, const std::filesystem::path& file);

}  // namespace kundehub::sqlite
