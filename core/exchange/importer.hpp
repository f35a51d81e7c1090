#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/exchange/customer_builder.hpp"
#include "core/exchange/import_merge.hpp"
#include "core/exchange/record_reader.hpp"
#include "core/exchange/row_pipeline.hpp"
#include "core/store/import_stage.hpp"
#include "core/store/operation.hpp"
#include "core/store/store.hpp"

namespace kundehub::exchange {

/// What is done about a customer that the store has already.
enum class OnDuplicate { fail, skip, update };

/// Whether one bad row keeps all others out.
enum class Completeness { atomic, partial };

struct ImportRules {
  MatchKey match = MatchKey::identity;
  OnDuplicate on_duplicate = OnDuplicate::fail;
  Completeness completeness = Completeness::atomic;
  MergeRules merge;
  std::optional<std::int64_t> max_errors;  ///< more rejected rows than these end the import
  bool keeps_texts = false;                ///< rows are kept as they came, for a file of rejects
};

/// What has become of the file. Customers, but for rows and rejected, which are rows.
struct ImportCounts {
  std::int64_t rows = 0, added = 0, changed = 0, unchanged = 0, duplicates = 0, rejected = 0;
  std::int64_t contacts_added = 0, contacts_changed = 0;
};

/// A field of a customer that an update changes.
struct ImportDifference {
  std::int64_t row = 0;
  CustomerNumber number;
  std::string contact;  ///< the address; empty: the customer's own field
  FieldDifference field;
};

/// From the records of a file to the records of the store: a customer enters whole or not at all.
class Importer {
 public:
  /// They must outlive it.
  Importer(RecordReader& records, CustomerBuilder& builder, ImportStage& stage, const ImportRules& rules);

  std::function<void()> on_row;  ///< called for each row that is read
  std::function<void(const RowPlace&, const std::string&)> on_warning;
  std::function<void(const ImportDifference&)> on_difference;
  std::function<void(ContactId)> on_contact;  ///< each person of the file that the store had or got by an update

  /// Reads all records into the stage, and settles what stands in the file twice. Throws Error{bad_data} where the file
  /// cannot be read on. False if there are more rejected rows than allowed: the rest was not read.
  bool collect();

  /// Within an operation: finds the customers that the store has already, and deals with them by the rules; adds the
  /// others. Adds nothing and returns nothing if rows are rejected and the import is atomic, or there are too many.
  std::optional<EnteredRecords> enter(Operation& operation, Store& store);

  [[nodiscard]] ImportCounts counts() const;

 private:
  void take(BuiltRow& row);
  bool take_with_previous(BuiltRow& row);
  void reject(const BuiltRow& row, ErrorKind kind, const std::string& reason, OtherRows others);
  void settle_double(StagedId first, StagedId later);
  void settle();
  void meet(const StagedCustomer& row, const std::vector<CustomerId>& found, Operation& operation, Store& store);
  void update(const StagedCustomer& row, const Customer& present, const CustomerData& after, Operation& operation,
              Store& store);
  bool update_person(const StagedCustomer& row, const Customer& present, Operation& operation, Store& store);
  bool update_contacts(const StagedCustomer& row, const Customer& present, Operation& operation, Store& store);
  [[nodiscard]] bool has_too_many_errors() const;

  RecordReader& m_records;
  CustomerBuilder& m_builder;
  ImportStage& m_stage;
  ImportRules m_rules;
  ImportCounts m_counts;
  std::optional<StagedCustomer> m_previous;  ///< the customer that was added last
  bool m_has_primary_column = false;
};

}  // namespace kundehub::exchange
