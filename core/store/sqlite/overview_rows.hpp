#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/model/overview.hpp"
#include "core/model/selector.hpp"
#include "core/store/sqlite/connection.hpp"

/// Lists of customers and contacts with all that pages and decisions need. Functions only read.
namespace kundehub::sqlite {

/// SQL: the welcome state of the row `contact`, `none` without a mail; it uses `:now`.
std::string contact_state();

void each_customer(Connection& database, const CustomerFilter& filter, const CustomerPage& page, Time now,
                   const std::function<void(const CustomerOverview&)>& visit);

void each_contact(Connection& database, const CustomerFilter& filter, Time now,
                  const std::function<void(const ContactOverview&)>& visit);

std::optional<ContactOverview> select_contact_overview(Connection& database, ContactId id, Time now);

}  // namespace kundehub::sqlite
