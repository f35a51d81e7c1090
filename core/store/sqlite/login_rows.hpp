#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/model/login.hpp"
#include "core/store/sqlite/connection.hpp"

/// Who came into the HUB, and when.
namespace kundehub::sqlite {

/// Returns the row. Throws Error{not_found} for an unknown contact.
std::int64_t insert_login(Connection& database, const Login& login);
bool has_login(Connection& database, std::int64_t row);

/// Returns how many.
int move_logins(Connection& database, ContactId from, ContactId to);

/// Newest first.
void each_login(Connection& database, const LoginFilter& filter, std::optional<std::int64_t> limit,
                const std::function<void(const Login&)>& visit);

}  // namespace kundehub::sqlite
