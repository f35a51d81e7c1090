#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/model/contact.hpp"
#include "core/model/customer.hpp"
#include "core/model/welcome.hpp"

namespace kundehub {

/// How many of a customer's contacts are in each welcome state, by the value of WelcomeState.
using WelcomeCounts = std::array<int, 11>;

/// A customer as lists show them.
struct CustomerOverview {
  Customer customer;
  int contacts = 0;
  WelcomeCounts welcome{};
};

/// The ways a contact has into the HUB (R5).
struct WayIn {
  std::optional<Time> used_at;      ///< a login link was used under the present address
  std::optional<Time> sent_at;      ///< the live link last went out to the present address (`sent` or `uncertain`) …
  std::optional<Time> valid_until;  ///< … and works until then
  std::optional<Time> revoked_at;   ///< a revoke ended the latest link that had gone out to it
};

/// A contact with all that decides about login and welcome mail.
struct ContactOverview {
  Contact contact;
  CustomerNumber customer_number;
  std::string customer_name{};
  CustomerKind customer_kind = CustomerKind::business;
  Language customer_language = Language::da;
  HubSwitch customer_hub = HubSwitch::off;
  Time customer_hub_changed_at{};
  std::optional<Time> archived_at{};
  std::vector<std::string> modules{};  ///< the customer's, switched on
  WayIn way_in{};
  WelcomeState welcome = WelcomeState::none;
  std::optional<Time> welcome_at{};    ///< when the latest mail reached that state, as far as it is known
  int sends = 0;                       ///< mails that have left for the present address, in all
  std::optional<Time> last_sent_at{};  ///< of those
  std::optional<Time> bounced_at{};    ///< the present address answered with a delivery report

  /// Of the customer's modules those that the contact may use.
  [[nodiscard]] std::vector<std::string> usable_modules() const;

  [[nodiscard]] Language language() const { return contact.data.language.value_or(customer_language); }
};

/// A customer as lists show it; `contacts` are all of its own.
CustomerOverview overview_of(const Customer& customer, const std::vector<ContactOverview>& contacts);

}  // namespace kundehub
