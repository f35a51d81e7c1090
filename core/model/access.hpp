#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/overview.hpp"
#include "core/model/time.hpp"

namespace kundehub {

/// The links of R5's chain, in their order.
enum class AccessCondition { not_archived, customer_hub, contact_hub, email, way_in, module };

/// `not_archived`, `customer_hub`, `contact_hub`, `email`, `way_in`, `module`.
std::string_view to_string(AccessCondition condition);

/// The stable name of what is wrong where a condition does not hold: `archived`, `customer_hub_off`, `contact_hub_off`,
/// `no_email`, `no_way_in`, `module_off`.
std::string_view broken_reason(AccessCondition condition);

/// One link: does it hold, since when, in words, and what mends it.
struct AccessLink {
  AccessCondition condition;
  bool holds;
  std::optional<Time> since;
  std::string text;    ///< "the customer's HUB switch is on"
  std::string remedy;  ///< a command line; empty where it holds, or a condition before it has to be mended first
};

/// Who may log in (R5): the customer is not archived, both HUB switches are on, there is an e-mail address, and there
/// is a way in. With `module`, that module has to be on as well.
std::vector<AccessLink> access_chain(const ContactOverview& contact, Time now,
                                     const std::optional<std::string>& module = std::nullopt);

/// True if every link holds.
bool may_log_in(const std::vector<AccessLink>& chain);
bool may_log_in(const ContactOverview& contact, Time now);

/// What keeps an admin from seeing the HUB as the contact does: the first link that does not hold, but for those of the
/// address and the way in, which an admin does not need. Absent if nothing does.
std::optional<AccessLink> open_obstacle(const ContactOverview& contact);

/// Why a welcome mail may not go to a contact (R6).
struct WelcomeRefusal {
  std::string reason;  ///< stable: archived, customer_hub_off, contact_hub_off, no_email
  std::string text;
  std::string remedy;  ///< a command line
};

/// Absent if the mail may go.
std::optional<WelcomeRefusal> welcome_refusal(const ContactOverview& contact);

/// How a message names a contact: `contact:7 (Anna Berg <anna@example.dk>)`.
std::string describe(const ContactOverview& contact);

}  // namespace kundehub
