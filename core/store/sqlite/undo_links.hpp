#pragma once

#include "core/model/undo.hpp"
#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/undo_rows.hpp"

/// Login links, logins and mails in an undo. Functions run inside the caller's transaction.
namespace kundehub::sqlite {

/// SQL: the ids of the contacts that the plan writes, or whose customer it writes.
extern const char* const touched_contacts;

/// Links, logins and mails of the contacts that come back. A link that was alive comes back as ended.
void bring_back_history(Connection& database, Time at);

/// The mails that wait for contacts that go.
void cancel_going_mails(Connection& database, const Undoing& undoing, UndoResult& result);

/// True if the operation queued mails that wait still, or whose link is alive.
bool has_mails_to_take_back(Connection& database, OperationId undone);

/// How many mails the operation took out of the queue: no undo brings them back.
std::int64_t count_unsent_mails(Connection& database, OperationId undone);

/// Takes the mails that the operation queued out of the queue, and ends links that no other mail has carried.
void take_back_mails(Connection& database, const Undoing& undoing, UndoResult& result);

/// Links and waiting mails of contacts that have lost access or got another address by the undo.
void end_lost_invitations(Connection& database, const Undoing& undoing, UndoResult& result);

}  // namespace kundehub::sqlite
