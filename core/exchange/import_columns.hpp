#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/exchange/import_field.hpp"

namespace kundehub::exchange {

/// `--map COLUMN=FIELD`; an absent field leaves the column out.
struct ColumnChoice {
  std::string column;
  std::optional<ImportField> field;
};

/// Reads `COLUMN=FIELD`; the field `none` is absent. Throws Error{usage} with the nearest known field.
ColumnChoice parse_column_choice(std::string_view text);

/// A column of the file, and what it is taken for.
struct ImportColumn {
  std::string name;
  std::optional<ImportField> field{};
  bool is_reason = false;  ///< what an earlier import wrote into its rejects
  bool is_chosen = false;  ///< by --map
};

/// Recognises columns by their Danish or English names, without regard to case, blanks and punctuation, after what
/// `choices` say. `E-mail` and `Telefon` beside a contact's name are the contact's, unless the file has such columns
/// for contacts besides.
///
/// Throws Error{usage} for a choice of a column that is not there, and Error{bad_data} that names the columns seen, for
/// a name that stands twice, for two columns with one meaning, and if there is neither a name nor a contact's name.
std::vector<ImportColumn> recognise_columns(std::span<const std::string_view> names,
                                            std::span<const ColumnChoice> choices);

/// The columns 1, 2, … of a table without headings. Throws as recognise_columns.
std::vector<ImportColumn> number_columns(std::size_t count, std::span<const ColumnChoice> choices);

/// How many of these names are known.
std::size_t count_known_columns(std::span<const std::string_view> names);

/// True for `E-mail` and the like, which may be the customer's or the contact's.
bool is_plain_email(std::string_view column);

/// Only the known name's field; without regard to the columns beside it.
std::optional<ImportField> field_of_column(std::string_view name);

}  // namespace kundehub::exchange
