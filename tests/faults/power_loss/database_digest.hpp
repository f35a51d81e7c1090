#pragma once

#include <string>

#include "core/store/sqlite/connection.hpp"

namespace kundehub::test {

/// A hash of every row of every table: two databases with the same hold the same.
std::string database_digest(sqlite::Connection& database);

}  // namespace kundehub::test
