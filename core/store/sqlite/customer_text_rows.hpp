#pragma once

#include <functional>

#include "core/store/sqlite/connection.hpp"
#include "core/store/store.hpp"

namespace kundehub::sqlite {

/// As Store::each_customer_text.
void each_customer_text(Connection& database, const CustomerFilter& filter, ContactsToo contacts, Time now,
                        const std::function<void(const CustomerText&)>& visit);

}  // namespace kundehub::sqlite
