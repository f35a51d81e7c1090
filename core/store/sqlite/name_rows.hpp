#pragma once

#include <vector>

#include "core/model/known_name.hpp"
#include "core/store/sqlite/connection.hpp"

/// Names that are taken, of whatever kind, found through the indexes alone.
namespace kundehub::sqlite {

/// As Store::find_names.
std::vector<KnownName> select_names(Connection& database, const NameQuery& query);

}  // namespace kundehub::sqlite
