#pragma once

#include <filesystem>
#include <functional>

#include "core/store/sqlite/connection.hpp"
#include "core/store/store.hpp"

namespace kundehub::sqlite {

/// As Store::each_customer_text: beyond a first batch by threads with connections of their own, unless `path` is empty.
void each_customer_text(Connection& database, const std::filesystem::path& path, const CustomerFilter& filter,
                        ContactsToo contacts, Time now, const std::function<void(const CustomerText&)>& visit);

}  // namespace kundehub::sqlite
