#pragma once

#include <functional>
#include <optional>

#include "core/model/login.hpp"
#include "core/store/sqlite/connection.hpp"

/// Who came into the HUB, and when.
namespace kundehub::sqlite {

/// Throws Error{not_found} for an unknown contact.
void insert_login(Connection& database, const Login& login);

/// Returns how many.
int move_logins(Connection& database, ContactId from, ContactId to);

/// Newest first.
void each_login(Connection& database, const LoginFilter& filter, std::optional<std::int64_t> limit,
                const std::function<void(const Login&)>& visit);

}  // namespace kundehub::sqlite
