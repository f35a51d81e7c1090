#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/ids.hpp"

namespace kundehub {

/// What a later operation has made of a record that an undo would touch.
enum class UndoConflictKind {
  changed,  ///< other values stand in fields that the operation wrote
  added,    ///< it came later, and would go with the record that it belongs to
  deleted,  ///< it is gone, so that nothing of it can be restored
  reached,  ///< a later mail has gone to the contact, or the contact has come in, and all of that would go too
};

/// A field as it was before the operation, as the operation left it, and as it is. Empty: absent.
struct UndoConflictField {
  std::string field, before, after, now;
};

/// A record that has changed since, as RecordChange names it.
struct UndoConflict {
  UndoConflictKind kind = UndoConflictKind::changed;
  std::string record, id, name;
  std::vector<UndoConflictField> fields;
};

/// Whether an undo goes over what has changed since.
enum class ConflictPolicy { refuse, override };

/// What an undo did. With conflicts that were refused: nothing.
struct UndoResult {
  std::optional<OperationId> operation;  ///< the undo itself; absent if there was nothing to take back
  std::vector<UndoConflict> conflicts;   ///< the first hundred
  std::int64_t conflict_count = 0;
  std::int64_t restored = 0;            ///< records that were deleted and are back
  std::int64_t changed = 0;             ///< records with their former values
  std::int64_t deleted = 0;             ///< records that the operation had made
  std::vector<std::string> left_mails;  ///< addresses of mails that the operation queued and that have left since
  std::int64_t cancelled_mails = 0;     ///< taken out of the queue
  std::int64_t unsent_mails = 0;        ///< that the operation took out of the queue; they are not brought back
  std::int64_t without_way_in = 0;      ///< contacts with access whose link has ended
  std::vector<ContactId> readmitted;    ///< who may log in now, and could not before the undo
};

}  // namespace kundehub
