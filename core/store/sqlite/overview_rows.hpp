#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "core/model/overview.hpp"
#include "core/model/selector.hpp"
#include "core/store/sqlite/connection.hpp"

/// Lists of customers and contacts with all that pages and decisions need. Functions only read.
namespace kundehub::sqlite {

/// SQL: the customers whose numbers stand behind `:after`, each place a condition with its order: first the numbers of
/// the same length, then the others. SQLite finds its place in the index for each of these, and not for both in one.
std::array<std::string, 2> places_behind(Direction direction);

/// SQL: the welcome state of the row `contact`, `none` without a mail; it uses `:now`.
std::string contact_state();

void each_customer(Connection& database, const CustomerFilter& filter, const CustomerPage& page, Time now,
                   const std::function<void(const CustomerOverview&)>& visit);

void each_contact(Connection& database, const CustomerFilter& filter, Time now,
                  const std::function<void(const ContactOverview&)>& visit);

std::optional<ContactOverview> select_contact_overview(Connection& database, ContactId id, Time now);

}  // namespace kundehub::sqlite
