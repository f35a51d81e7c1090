#pragma once

#include "core/store/sqlite/connection.hpp"

namespace kundehub::sqlite {

/// Marks a file as kundehub's in SQLite's header: "kund".
constexpr int application_id = 0x6b756e64;

/// The schema's version that this program works with: the number of the last file in data/schema.
int newest_schema();

/// Applies every step that `database` lacks, in one transaction. Does nothing if it lacks none.
void migrate(Connection& database);

}  // namespace kundehub::sqlite
