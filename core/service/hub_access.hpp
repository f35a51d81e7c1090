#pragma once

#include <string>
#include <vector>

#include "core/model/overview.hpp"
#include "core/store/operation.hpp"
#include "core/store/store.hpp"

/// Giving and taking HUB access.
namespace kundehub {

enum class ContactScope { named, all };

/// What `hub grant` asks for, of one customer.
struct Grant {
  std::vector<ContactId> contacts;           ///< their own switches go on
  ContactScope scope = ContactScope::named;  ///< all: every contact's switch goes on
  std::vector<std::string> modules;          ///< added
};

/// Turns on the customer's HUB switch and modules. The contacts' own switches stay as they are unless they are asked
/// for (R15). Throws Error{conflict} if the customer is a business without contacts (R3) or archived, Error{not_found}
/// for a contact of another customer or an unknown module.
void grant_access(Operation& operation, Store& store, const Customer& customer, const Grant& grant);

/// Throws Error{not_found} with the nearest known key if one of `modules` is unknown.
void check_modules(Store& store, const std::vector<std::string>& modules);

/// What `hub revoke` asks for, of one customer. Nothing named: all access.
struct Revocation {
  std::vector<ContactId> contacts;  ///< their own switches go off
  std::vector<std::string> modules;
};

/// Turns off the named contacts' switches, the named modules, or the customer's HUB switch. Who loses access loses the
/// login link and the queued mail too (R13). Throws Error{not_found} for a contact of another customer.
void revoke_access(Operation& operation, Store& store, const Customer& customer, const Revocation& revocation);

}  // namespace kundehub
