#include "core/exchange/import_columns.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/exchange/name_table.hpp"
#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/plain.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::exchange {
namespace {

constexpr std::array<std::string_view, import_fields> names{"number",
                                                            "kind",
                                                            "name",
                                                            "cvr",
                                                            "email",
                                                            "phone",
                                                            "address",
                                                            "zip",
                                                            "city",
                                                            "country",
                                                            "language",
                                                            "website",
                                                            "notes",
                                                            "tags",
                                                            "hub",
                                                            "modules",
                                                            "contact_first_name",
                                                            "contact_last_name",
                                                            "contact_email",
                                                            "contact_phone",
                                                            "contact_title",
                                                            "contact_language",
                                                            "contact_hub",
                                                            "contact_primary",
                                                            "contact_name"};

constexpr std::string_view reason_column = "reason";

/// Absent if no field is called so.
std::optional<ImportField> field_called(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<ImportField>(found - names.begin()));
}

ImportColumn* column_of(std::vector<ImportColumn>& columns, ImportField field) {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const auto& column) { return column.field == field; });
  return found == columns.end() ? nullptr : &*found;
}

std::string seen(const std::vector<ImportColumn>& columns) {
  constexpr std::size_t shown = 30;
  std::vector<std::string> quoted;
  for (const ImportColumn& column : columns) {
    if (quoted.size() < shown) quoted.push_back(text::quoted(column.name));
  }
  const std::size_t more = columns.size() - quoted.size();
  return fmt::format("{}{}", fmt::join(quoted, ", "), more > 0 ? tr(" and {} more", more) : "");
}

void choose(std::vector<ImportColumn>& columns, const ColumnChoice& choice) {
  auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return one.name == choice.column; });
  const auto is_alike = [&](const ImportColumn& one) { return folded_name(one.name) == folded_name(choice.column); };
  if (found == columns.end()) found = std::find_if(columns.begin(), columns.end(), is_alike);
  if (found == columns.end()) {
    throw Error(ErrorKind::usage, tr("the file has no column {}", text::quoted(choice.column)),
                tr("its columns: {}", seen(columns)));
  }
  if (found->name != choice.column && std::find_if(found + 1, columns.end(), is_alike) != columns.end()) {
    throw Error(ErrorKind::usage, tr("several columns are called like {}", text::quoted(choice.column)),
                tr("write its name just as the file has it: {}", seen(columns)));
  }
  found->field = choice.field;
  found->is_chosen = true;
  found->is_reason = false;
}

/// What a column means depends on the columns beside it.
void settle_contacts(std::vector<ImportColumn>& columns) {
  const bool names_contacts = column_of(columns, ImportField::contact_name) ||
                              column_of(columns, ImportField::contact_first_name) ||
                              column_of(columns, ImportField::contact_last_name);
  ImportColumn* const email = column_of(columns, ImportField::email);
  if (names_contacts && email && is_plain_email(email->name) && !email->is_chosen &&
      !column_of(columns, ImportField::contact_email))
    email->field = ImportField::contact_email;
  if (names_contacts || column_of(columns, ImportField::contact_email)) return;
  // A mobile number or a title alone makes no contact.
  const bool has_phone = column_of(columns, ImportField::phone) != nullptr;
  for (ImportColumn& column : columns) {
    if (!column.field || !is_contact_field(*column.field) || column.is_chosen) continue;
    const bool is_phone = column.field == ImportField::contact_phone && !has_phone;
    column.field = is_phone ? std::optional(ImportField::phone) : std::nullopt;
  }
}

void check_doubles(const std::vector<ImportColumn>& columns) {
  for (auto one = columns.begin(); one != columns.end(); ++one) {
    const auto other = std::find_if(columns.begin(), one, [&](const ImportColumn& earlier) {
      return (!one->name.empty() && earlier.name == one->name) || (one->field && earlier.field == one->field);
    });
    if (other == one) continue;
    if (other->name == one->name) {
      throw Error(ErrorKind::bad_data,
                  tr("the column {} stands twice; the columns are {}", text::quoted(one->name), seen(columns)),
                  tr("rename or delete one of them"));
    }
    throw Error(ErrorKind::bad_data,
                tr("the columns {} and {} are both taken for {}", text::quoted(other->name), text::quoted(one->name),
                   to_string(*one->field)),
                tr("leave one out with --map '{}=none', or give it another field", one->name));
  }
}

void check_name(std::vector<ImportColumn>& columns) {
  const bool is_whole = column_of(columns, ImportField::name) || column_of(columns, ImportField::contact_name);
  const bool is_split =
      column_of(columns, ImportField::contact_first_name) && column_of(columns, ImportField::contact_last_name);
  if (is_whole || is_split) return;
  throw Error(ErrorKind::bad_data, tr("no column holds the customers' names; the columns are {}", seen(columns)),
              columns.size() == 1
                  ? tr("if that is a title, delete the rows above the headings; if the first row is a customer, add "
                       "--headerless")
                  : tr("say which one does with --map COLUMN=name; if the first row is a customer, add --headerless"));
}

std::vector<ImportColumn> settled(std::vector<ImportColumn> columns, std::span<const ColumnChoice> choices) {
  for (const ColumnChoice& choice : choices) choose(columns, choice);
  settle_contacts(columns);
  check_doubles(columns);
  check_name(columns);
  return columns;
}

}  // namespace

bool is_plain_email(std::string_view column) {
  constexpr std::array<std::string_view, 5> plain{"email", "mail", "emailadresse", "mailadresse", "emailaddress"};
  return std::find(plain.begin(), plain.end(), folded_name(column)) != plain.end();
}

std::string_view to_string(ImportField field) {
  return names.at(static_cast<std::size_t>(field));
}

ColumnChoice parse_column_choice(std::string_view text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw Error(ErrorKind::usage, tr("--map takes COLUMN=FIELD, not {}", text::quoted(text)),
                tr("for example --map 'Kontakt e-mail=contact_email'"));
  }
  const std::string_view name = text.substr(equals + 1);
  const auto field = field_called(name);
  if (!field && name != "none") {
    const auto near = text::nearest(name, names);
    throw Error(ErrorKind::usage, tr("an import has no field {}", text::quoted(name)),
                near ? tr("did you mean {}", *near) : tr("fields: {} none", fmt::join(names, " ")));
  }
  return {std::string(text.substr(0, equals)), field};
}

std::optional<ImportField> field_of_column(std::string_view name) {
  static const NameTable table("import_columns.txt");
  const auto key = table.find(name);
  return key ? field_called(*key) : std::nullopt;
}

std::size_t count_known_columns(std::span<const std::string_view> columns) {
  return static_cast<std::size_t>(std::count_if(
      columns.begin(), columns.end(), [](std::string_view name) { return field_of_column(name).has_value(); }));
}

std::vector<ImportColumn> recognise_columns(std::span<const std::string_view> headings,
                                            std::span<const ColumnChoice> choices) {
  std::vector<ImportColumn> columns;
  for (const std::string_view heading : headings) {
    ImportColumn column{.name = text::clean_line("column", heading)};
    column.is_reason = column.name == reason_column;
    if (!column.is_reason) column.field = field_of_column(column.name);
    columns.push_back(std::move(column));
  }
  return settled(std::move(columns), choices);
}

std::vector<ImportColumn> number_columns(std::size_t count, std::span<const ColumnChoice> choices) {
  std::vector<ImportColumn> columns;
  for (std::size_t i = 1; i <= count; ++i) columns.push_back({.name = fmt::format("{}", i)});
  return settled(std::move(columns), choices);
}

}  // namespace kundehub::exchange
