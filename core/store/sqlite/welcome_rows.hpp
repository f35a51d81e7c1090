#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/welcome.hpp"
#include "core/store/operation.hpp"
#include "core/store/sqlite/connection.hpp"

/// The table of welcome mails as admins see and change it. Functions run inside the caller's transaction.
namespace kundehub::sqlite {

/// SQL: the state of the mail `welcome` at `:now`, with `used` and `expired` found from its link.
extern const char* const effective_welcome_state;

/// SQL: all of a mail as read_welcome expects it, from a row named `welcome`.
extern const char* const welcome_columns;

/// Reads the row's columns from `first` on.
Welcome read_welcome(Statement& statement, int first);

WelcomeId insert_welcome(Connection& database, const NewWelcome& welcome, OperationId operation, Time now);

/// The mail of the contact that is not done with. Absent if there is none.
std::optional<Welcome> select_pending_welcome(Connection& database, ContactId contact, Time now);

/// Makes a pending mail due at once, unless it is being sent.
void requeue_welcome(Connection& database, WelcomeId id, Time now);

/// The contact's pending mail, unless its final dot may be out.
std::optional<WelcomeId> select_cancellable(Connection& database, ContactId contact);

/// False if there was no mail that could still be stopped.
bool cancel_welcome(Connection& database, ContactId contact, Time now);

/// Newest first.
std::vector<Welcome> select_welcomes_of(Connection& database, ContactId contact, Time now);

std::optional<Welcome> select_welcome(Connection& database, WelcomeId id, Time now);

/// Oldest first.
std::vector<WelcomeTry> select_tries(Connection& database, WelcomeId id);

}  // namespace kundehub::sqlite
