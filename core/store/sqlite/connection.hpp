#pragma once

#include <filesystem>

#include <SQLiteCpp/SQLiteCpp.h>

namespace kundehub::sqlite {

/// Opens an existing kundehub database with everything set that DESIGN.md asks for. Throws Error{config} with the
/// remedy if it is missing, no regular file, not a kundehub database, or of a newer schema; Error{permission}.
SQLite::Database open_database(const std::filesystem::path& path);

/// An empty database in memory with the present schema, for tests.
SQLite::Database open_memory_database();

/// Makes the database (mode 0600) with its folders if there is none, and brings it to the present schema. False if it
/// was there and needed nothing. Throws as open_database.
bool create_database(const std::filesystem::path& path);

}  // namespace kundehub::sqlite
