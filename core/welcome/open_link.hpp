#pragma once

#include <chrono>
#include <string>

#include "core/model/overview.hpp"
#include "core/store/operation.hpp"
#include "core/welcome/login_link.hpp"

namespace kundehub {

constexpr std::chrono::minutes open_link_ttl{5};

/// A link with which an admin sees the HUB as a contact does, once.
struct OpenLink {
  std::string token;
  Time expires_at{};
};

/// Makes one, and keeps it with the operation. Throws Error{conflict} if the customer is archived or a HUB switch is
/// off; an address and a way in of the contact's own are not needed.
OpenLink make_open_link(Operation& operation, const ContactOverview& contact, const LinkKey& key);

}  // namespace kundehub
