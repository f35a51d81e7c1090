#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/operation.hpp"
#include "core/model/rule_breach.hpp"
#include "core/model/time.hpp"
#include "core/store/operation.hpp"

namespace kundehub {

/// What a database, or a backup of one, holds.
struct StoreStatus {
  std::filesystem::path file;
  std::int64_t bytes = 0;
  int schema = 0, newest_schema = 0;  ///< its own, and the one that this program works with
  std::int64_t customers = 0, contacts = 0, operations = 0, waiting_mails = 0;
  std::optional<Time> last_operation_at{};
};

/// A database of an older schema that has been brought to the present one.
struct StoreUpgrade {
  int from = 0, to = 0;
  std::filesystem::path copy;  ///< what it was before
  std::string trouble{};       ///< what went wrong behind the change, which is saved (or may be, as this says)
};

/// How a restore has ended.
struct RestoreResult {
  std::filesystem::path copy;  ///< of what was there; empty if there was nothing
  std::string trouble{};       ///< as an upgrade's
  bool in_doubt = false;       ///< the disk failed, and nothing tells whether the backup is in place
};

/// A backup that is checked and ready to take the database's place. Nothing is changed until `commit`.
class StoreRestore {
 public:
  virtual ~StoreRestore() = default;

  /// As the backup is.
  [[nodiscard]] virtual const StoreStatus& backup() const = 0;

  /// What it takes the place of. Absent if there is no database, or none that can be read.
  [[nodiscard]] virtual const std::optional<StoreStatus>& present() const = 0;

  /// Who may log in afterwards and may not now, as messages name contacts.
  [[nodiscard]] virtual const std::vector<std::string>& readmitted() const = 0;

  /// Copies what it replaces, and puts the backup in its place: with every login link ended, with its queue held, and
  /// as an operation of its own in the log. Throws Error{temporary} if the database has changed since the preparation
  /// or mails are just being delivered, Error{no_output}. If the disk fails behind it, the result says so.
  virtual RestoreResult commit() = 0;
};

/// What a quick look at a database finds.
struct StoreLook {
  StoreStatus status;
  std::vector<RuleBreach> damage{};      ///< of the file and its tables, as check tells it
  bool whole = false;                    ///< the time was enough for all of the file
  std::optional<LoginLink> live_link{};  ///< of whoever came last of those whose link may be used
};

/// Who is at work on a database.
struct StoreActivity {
  std::optional<int> writer, deliverer;                 ///< the process, as far as this one may know
  std::optional<std::chrono::seconds> delivery_idle{};  ///< how long the deliverer has made no progress
};

/// The database as a file, for the admin who looks after it.
class StoreMaintenance {
 public:
  virtual ~StoreMaintenance() = default;

  /// Throws Error{config} if there is no database or it is not one of this program.
  virtual StoreStatus status() = 0;

  /// Calls `visit` with everything that is unsound: the file, its references, the rules, the queue. Throws as status.
  virtual void check(const std::function<void(const RuleBreach&)>& visit) = 0;

  /// A look that takes no longer than `limit`, or little more. Throws as status.
  virtual StoreLook look(std::chrono::milliseconds limit) = 0;

  /// Takes no lock and makes no file.
  virtual StoreActivity activity() = 0;

  /// Absent if it has the present schema. Throws as status, and Error{no_output} if there is no room for the copy.
  virtual std::optional<StoreUpgrade> migrate() = 0;

  /// Copies the database to `file` (mode 0600) while others may go on, and checks the copy. A backup of that name is
  /// replaced when the new one is whole and on the disk. Throws Error{conflict} if `file` is something else than a
  /// backup, Error{no_output}.
  virtual StoreStatus back_up(const std::filesystem::path& file) = 0;

  /// Throws Error{no_input} if the backup cannot be read, Error{config} if it is unsound, of a newer schema, or none.
  virtual std::unique_ptr<StoreRestore> prepare_restore(const std::filesystem::path& backup,
                                                        const OperationContext& context) = 0;
};

}  // namespace kundehub
