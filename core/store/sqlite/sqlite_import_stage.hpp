#pragma once

#include <optional>

#include "core/store/import_stage.hpp"
#include "core/store/operation.hpp"
#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/staged_rows.hpp"

namespace kundehub::sqlite {

/// A stage as a temporary database that is attached to the real one's connection.
class SqliteImportStage final : public ImportStage {
 public:
  SqliteImportStage(Connection& database, Time at, AddressHasher hasher);
  ~SqliteImportStage() override;
  SqliteImportStage(const SqliteImportStage&) = delete;
  SqliteImportStage& operator=(const SqliteImportStage&) = delete;

  [[nodiscard]] Time at() const override { return m_at; }
  StagedId add(const StagedCustomer& customer, std::string_view text) override;
  void add_contacts(StagedId customer, const RowPlace& place, const std::vector<StagedContact>& contacts,
                    std::string_view text) override;
  void reject(const RowRejection& rejection) override;
  void finish_collecting() override;
  void each_double(MatchKey key, const std::function<void(StagedId first, StagedId later)>& visit) override;
  void join(StagedId first, StagedId later, PrimaryMarks marks) override;
  void each_double_contact(const std::function<void(StagedId, const std::string& address)>& visit) override;
  void each_double_primary(const std::function<void(StagedId)>& visit) override;
  void each_companion(MatchKey key, const std::function<void(StagedId, std::int64_t rejected_row)>& visit) override;
  StagedCustomer customer(StagedId id) override;
  void reject_customer(StagedId id, ErrorKind kind, const std::string& reason, OtherRows others) override;
  void prepare_entry() override;
  void each_erased(const std::function<void(StagedId, const Error& why)>& visit) override;
  void find_matches(MatchKey key) override;
  void each_double_match(const std::function<void(StagedId first, StagedId later)>& visit) override;
  void each_match(const std::function<void(const StagedCustomer&, const std::vector<CustomerId>&)>& visit) override;
  void each_taken_number(const std::function<void(const StagedCustomer&, CustomerId)>& visit) override;
  std::vector<StagedCustomer> sample(int limit) override;
  [[nodiscard]] std::int64_t rejected_rows() const override { return m_rejected; }
  void each_rejection(const std::function<void(const RowRejection&)>& visit) override;

  /// True if any customer would enter.
  [[nodiscard]] bool has_entries();

  /// Within a transaction of the real database: copies what has no match into it, and records it with the operation.
  EnteredRecords enter(OperationId operation);

 private:
  std::int64_t next_position(const RowPlace& place, std::int64_t marks);
  void keep_text(const RowPlace& place, std::string_view text);
  [[nodiscard]] StagedCustomer placed_customer(StagedId id);
  [[nodiscard]] bool store_is_empty();
  void give_numbers();

  Connection& m_database;
  Time m_at;
  AddressHasher m_hasher;                 ///< may be empty
  std::optional<StagedRowWriter> m_rows;  ///< while collecting
  std::optional<Statement> m_place;
  std::int64_t m_position = 0, m_rejected = 0;
  std::int64_t m_highest_number = 0;  ///< of those that are plain digits
  bool m_has_unnumbered = false;      ///< some customers have no number yet
  bool m_has_removed = false;         ///< some were taken away again
  bool m_lacks_primary = false;       ///< some businesses may have contacts and none that is primary
  RowPlace m_run{-1, -1};             ///< how far row and line are ahead of the position in the present run
  std::int64_t m_run_marks = 0;
};

}  // namespace kundehub::sqlite
