#pragma once

#include <functional>

#include "core/model/error.hpp"
#include "core/model/ids.hpp"
#include "core/model/time.hpp"
#include "core/model/undo.hpp"
#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/record_fields.hpp"

namespace kundehub::sqlite {

/// SQL over the table `customer`: those that stay or come back and that the plan touches, if only in a contact.
constexpr const char* undo_customers = "customer.id IN (SELECT id FROM undo_customer)";

/// Why an operation that held an erased person's data is not undone (R14), Error{conflict}.
Error refusal_of_erasure(OperationId undone);

/// What undoing an operation makes of each record that it touched. It stands in the temporary table `undo_record`, so
/// that its size does not matter: `step` is `delete` for what the operation created, `insert` for what it deleted, and
/// `change` for the rest; `image` is what the record becomes.
class UndoPlan {
 public:
  /// Makes the plan; nothing is changed by it. One at a time.
  UndoPlan(Connection& database, OperationId undone, Time at);
  ~UndoPlan();
  UndoPlan(const UndoPlan&) = delete;
  UndoPlan& operator=(const UndoPlan&) = delete;

  /// What has changed since in the records of the plan.
  [[nodiscard]] const std::vector<UndoConflict>& conflicts() const { return m_conflicts; }
  [[nodiscard]] std::int64_t conflict_count() const { return m_conflict_count; }

  /// How many records take this step.
  [[nodiscard]] std::int64_t count(const char* step);

  /// Throws Error{conflict} if a record cannot come back: its number or address belongs to another one by now, or what
  /// it belongs to is gone.
  void check_room();

 private:
  void plan_created();
  void plan_others(Entity entity);
  void plan_other(Entity entity, std::int64_t id, const RecordImage& before);
  /// What was created and has been touched since is a conflict if it is no longer as the operation left it.
  void find_changed(Entity entity);
  void find_added();
  void find_reached();
  /// Fills the table behind undo_customers.
  void list_customers();
  void put(Entity entity, std::int64_t id, const char* step, const RecordImage& image);
  void add_conflict(UndoConflictKind kind, Entity entity, std::int64_t id, const RecordImage& before,
                    const RecordImage& after, const RecordImage& now);
  RecordImage image_after(Entity entity, std::int64_t id);
  RecordImage image_now(Entity entity, std::int64_t id);
  std::vector<std::int64_t> ids(const char* sql, Entity entity);

  Connection& m_database;
  OperationId m_undone;
  Time m_at;
  RecordFields m_fields;
  std::vector<UndoConflict> m_conflicts;
  std::int64_t m_conflict_count = 0;
};

}  // namespace kundehub::sqlite
