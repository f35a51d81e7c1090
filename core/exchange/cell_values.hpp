#pragma once

#include <optional>
#include <string_view>

#include "core/model/customer.hpp"
#include "core/model/locale.hpp"

/// What people write into the cells of a customer list.
namespace kundehub::exchange {

/// `Privat`, `virksomhed`, `Business`, `firma`, … in any case. Absent if it is none of these.
std::optional<CustomerKind> kind_of_word(std::string_view word);

/// `on`, `ja`, `yes`, `x`, `1`, `true`; `off`, `nej`, `no`, `0`, `false`. Absent if it is none of these.
std::optional<bool> switch_of_word(std::string_view word);

/// `da`, `dansk`, `Danish`; `en`, `engelsk`, `English`. Absent if it is none of these.
std::optional<Language> language_of_word(std::string_view word);

/// A code of ISO 3166-1 (two letters or three), or the country's name in Danish or English. Throws Error{bad_data}.
Country country_of_word(std::string_view word);

/// True if a name ends in a company's form: `A/S`, `ApS`, `GmbH`, … or holds `v/`, the owner of a small firm.
bool has_company_form(std::string_view name);

enum class CellKind { text, digits };

/// What has become of a value on its way: an error value of a spreadsheet (`#N/A`), letters that a conversion has lost
/// (U+FFFD) or made two of (`Ã¸`); of digits a column that was too narrow (`####`), or decimals (`8000.0`). Empty if
/// nothing has.
std::string_view damage(std::string_view text, CellKind kind);

/// True for `4,5E+07`: the digits behind it are lost.
bool is_shortened_number(std::string_view text);

/// True if a postal code is a digit shorter than the country's are: a spreadsheet took it for a number.
bool has_lost_zero(std::string_view zip, const Country& country);

}  // namespace kundehub::exchange
