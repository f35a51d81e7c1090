#pragma once

#include <optional>
#include <string>

#include "core/model/ids.hpp"
#include "core/model/time.hpp"
#include "core/model/undo.hpp"
#include "core/store/sqlite/connection.hpp"

/// What a plan for an undo makes of the records, all of them in one step each. Functions run inside the caller's
/// transaction.
namespace kundehub::sqlite {

/// Which operation undoes which, and when.
struct Undoing {
  OperationId undo, undone;
  Time at;
};

/// Does what the plan in `undo_record` says, and keeps what the records were before with `undo`. Links do not revive:
/// those of a deleted contact come back as ended, and where access is lost they end with the mails that wait.
void apply_undo(Connection& database, const Undoing& undoing, UndoResult& result);

/// The newest operation of the actor that is no undo and has not been undone.
std::optional<OperationId> select_undoable(Connection& database, const std::string& actor,
                                           std::optional<OperationId> before);

void set_undoes(Connection& database, const Undoing& undoing);

}  // namespace kundehub::sqlite
