#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/ids.hpp"
#include "core/model/time.hpp"

namespace kundehub {

/// How somebody came into the HUB: with the login link of a welcome mail, or by the portal's own means. `open`: it was
/// an admin in the contact's place.
enum class LoginMethod { link, portal, open };
std::string_view to_string(LoginMethod method);

/// Throws std::out_of_range for a name that is none.
LoginMethod parse_login_method(std::string_view name);

/// Once that a contact came into the HUB.
struct Login {
  ContactId contact;
  Time at{};
  LoginMethod method = LoginMethod::portal;
  std::string ip{};  ///< as the portal told it; empty if it did not
};

/// Which logins a list shows. Every condition that is set has to hold.
struct LoginFilter {
  std::optional<CustomerId> customer{};
  std::optional<ContactId> contact{};
  std::optional<Time> since{};
};

}  // namespace kundehub
