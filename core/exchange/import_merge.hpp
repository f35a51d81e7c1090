#pragma once

#include <string>
#include <vector>

#include "core/exchange/import_field.hpp"
#include "core/model/contact.hpp"
#include "core/model/customer.hpp"
#include "core/store/import_stage.hpp"

/// What a row says, held against what is known already.
namespace kundehub::exchange {

/// What a stage keeps with a customer or a contact.
struct ImportMarks {
  FieldSet present;  ///< the file has a place for them
  FieldSet given;    ///< the row has a value for them
  bool is_guess = false;

  [[nodiscard]] std::int64_t pack() const;
  static ImportMarks unpack(std::int64_t marks);
};

/// Whether an empty cell takes the value away.
enum class EmptyCells { keep, clear };

/// How an update takes a row.
struct MergeRules {
  EmptyCells empty = EmptyCells::keep;
  bool adds_modules = false;  ///< the row's modules hold some that are for all
};

/// A customer after an update: what the row gives replaces what there is. Tags and modules of a column replace, too;
/// those that are for all are added.
CustomerData merged(const CustomerData& present, const StagedCustomer& row, MergeRules rules);

/// As merged, of a contact with the same address.
ContactData merged(const ContactData& present, const StagedContact& row, EmptyCells empty);

/// One field that differs, as text; empty is absent.
struct FieldDifference {
  std::string field, before, after;
};
std::vector<FieldDifference> differences(const CustomerData& before, const CustomerData& after);
std::vector<FieldDifference> differences(const ContactData& before, const ContactData& after);

/// In what two rows of one customer disagree: only fields that the later one gives count. Empty if in nothing.
std::vector<FieldDifference> disagreement(const CustomerData& first, const CustomerData& later, FieldSet given);

}  // namespace kundehub::exchange
