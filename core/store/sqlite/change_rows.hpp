#pragma once

#include <functional>
#include <vector>

#include "core/model/change.hpp"
#include "core/model/customer_number.hpp"
#include "core/store/sqlite/connection.hpp"

/// What operations did, told from the images of records before and after them.
namespace kundehub::sqlite {

void each_change(Connection& database, OperationId id, const std::function<void(const RecordChange&)>& visit);

/// The latest first.
std::vector<CustomerId> find_deleted_customers(Connection& database, const CustomerNumber& number);

}  // namespace kundehub::sqlite
