#pragma once

#include <functional>
#include <vector>

#include "core/model/search.hpp"
#include "core/store/sqlite/connection.hpp"

namespace kundehub::sqlite {

/// The texts of customers, then those of contacts, each in the order of ids.
void each_search_text(Connection& database, const std::vector<CustomerId>& customers,
                      const std::function<void(const SearchText&)>& visit);

}  // namespace kundehub::sqlite
