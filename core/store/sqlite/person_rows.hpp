#pragma once

#include <functional>

#include "core/model/email_address.hpp"
#include "core/model/ids.hpp"
#include "core/model/person_record.hpp"
#include "core/model/time.hpp"
#include "core/store/sqlite/connection.hpp"

/// Everything that is held on the person behind an address (GDPR, articles 15 and 17). The person's are the contacts
/// that have the address, those deleted ones that had it, and of private customers all that is the customer's.
/// Functions run inside the caller's transaction.
namespace kundehub::sqlite {

void each_person_record(Connection& database, const EmailAddress& email,
                        const std::function<void(const PersonRecord&)>& visit);

/// Deletes the person's records, and what operations and mails tell of them. Nothing of it can be undone. The caller
/// has ended the person's links and cancelled the mails that wait.
PersonErasure erase_person(Connection& database, OperationId operation, const EmailAddress& email);

std::vector<CustomerId> customers_with_contact(Connection& database, const EmailAddress& email);

/// True if the operation has erased a person, or changed one who was erased since: it cannot be undone (R14).
bool is_erasure(Connection& database, OperationId operation);

}  // namespace kundehub::sqlite
