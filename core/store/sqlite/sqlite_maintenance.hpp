#pragma once

#include "core/store/maintenance.hpp"
#include "core/store/sqlite/connection.hpp"

namespace kundehub::sqlite {

class SqliteMaintenance final : public StoreMaintenance {
 public:
  /// Throws Error{permission} as real_path.
  explicit SqliteMaintenance(const std::filesystem::path& file);

  StoreStatus status() override;
  void check(const std::function<void(const RuleBreach&)>& visit) override;
  StoreLook look(std::chrono::milliseconds limit) override;
  StoreActivity activity() override;
  std::optional<StoreUpgrade> migrate() override;
  StoreStatus back_up(const std::filesystem::path& file) override;
  std::unique_ptr<StoreRestore> prepare_restore(const std::filesystem::path& backup,
                                                const OperationContext& context) override;

 private:
  std::filesystem::path m_file;
};

/// What the database of the connection holds. Of any schema up to the present one.
StoreStatus read_status(Connection& database, const std::filesystem::path& file);

/// Somebody may have altered tables by hand, and with them what they refuse: each object of the schema that is not as
/// this program makes it.
void check_schema_objects(Connection& database, const std::function<void(const RuleBreach&)>& visit);

}  // namespace kundehub::sqlite
