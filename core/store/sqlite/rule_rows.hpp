#pragma once

#include <functional>
#include <string>

#include "core/model/rule_breach.hpp"
#include "core/store/sqlite/connection.hpp"

/// DESIGN.md's rules as queries. R3, R8, R9, R11 and R15 say what commands do; nothing that is stored can break them.
namespace kundehub::sqlite {

/// Calls `visit` with every breach at the customers that `customers` selects: SQL over the table `customer`.
void each_breach(Connection& database, const std::string& customers,
                 const std::function<void(const RuleBreach&)>& visit);

/// Breaches that belong to no customer: of the queue, the links and the operations.
void each_loose_breach(Connection& database, const std::function<void(const RuleBreach&)>& visit);

}  // namespace kundehub::sqlite
