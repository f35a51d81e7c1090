#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "core/model/search.hpp"
#include "core/store/sqlite/connection.hpp"

namespace kundehub::sqlite {

/// The texts of these customers, then those of their contacts, each in the order of ids.
void each_search_text(Connection& database, const std::vector<CustomerId>& customers,
                      const std::function<void(const SearchText&)>& visit);

/// As Store::find_search_texts; with a `path`, by a second thread with a connection of its own too.
void find_search_texts(Connection& database, const std::filesystem::path& path,
                       const std::function<bool(std::string_view)>& may_match,
                       const std::function<void(const SearchText&)>& visit);

}  // namespace kundehub::sqlite
