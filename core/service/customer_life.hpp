#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/customer.hpp"
#include "core/store/operation.hpp"
#include "core/store/store.hpp"

/// What happens to a customer as a whole.
namespace kundehub {

/// Ends all access and keeps the history: every login link dies, every waiting mail leaves the queue (R13). The
/// switches stay as they are. An archived customer is left alone.
void archive_customer(Operation& operation, Store& store, const Customer& customer);

/// Makes the customer active again. No link revives; who has once logged in may do so again (R5).
void unarchive_customer(Operation& operation, const Customer& customer);

/// A private customer becomes a business whose one contact is the person, or a business with one contact becomes a
/// private customer (R1). The contact keeps its id, and its login link while its address stays. `name`: of the
/// business, or of the person; absent: as it is. Returns in words what the new kind has no place for, and was dropped.
/// Throws Error{conflict} if the customer is of that kind already or has not one contact, Error{bad_data} if the person
/// lacks what a business's contact must have.
std::vector<std::string> convert_customer(Operation& operation, Store& store, const Customer& customer, CustomerKind to,
                                          const std::optional<std::string>& name);

}  // namespace kundehub
