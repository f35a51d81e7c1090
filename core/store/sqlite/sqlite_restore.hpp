#pragma once

#include "core/store/maintenance.hpp"
#include "core/store/sqlite/backup.hpp"
#include "core/store/sqlite/connection.hpp"

namespace kundehub::sqlite {

/// A backup on its way into the place of the database. It is prepared in a copy beside it.
class SqliteRestore final : public StoreRestore {
 public:
  SqliteRestore(const std::filesystem::path& file, const std::filesystem::path& backup,
                const OperationContext& context);

  [[nodiscard]] const StoreStatus& backup() const override { return m_backup; }
  [[nodiscard]] const std::optional<StoreStatus>& present() const override { return m_present; }
  [[nodiscard]] const std::vector<std::string>& readmitted() const override { return m_readmitted; }
  RestoreResult commit() override;

 private:
  void prepare(Connection* present);
  /// Ids and numbers that were given out since the backup are not given out again.
  void pass_ids(Connection& copy, Connection& present);
  /// Who was erased since the backup stays known.
  void keep_erasures(Connection& copy, Connection& present, OperationId operation);
  void find_readmitted(Connection& copy, Connection* present);
  void check_unchanged();
  std::filesystem::path copy_present();
  void put();
  RestoreResult put_or_explain(const std::filesystem::path& copy);

  std::filesystem::path m_file;
  OperationContext m_context;
  OperationId m_operation{};  ///< of the restore, in the copy
  StoreStatus m_backup;
  std::optional<StoreStatus> m_present;
  std::vector<std::string> m_readmitted;
  std::unique_ptr<DatabaseCopy> m_copy;
};

}  // namespace kundehub::sqlite
