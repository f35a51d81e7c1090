#include "core/exchange/import_merge.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace kundehub::exchange {
namespace {

constexpr std::size_t contact_prefix = std::string_view("contact_").size();

ImportField customer_import_field(std::size_t i) {
  return static_cast<ImportField>(i);
}

/// Those that are text, by the names that CustomerField and ContactField have for them.
bool is_text_field(ImportField field) {
  switch (field) {
    case ImportField::number:
    case ImportField::kind:
    case ImportField::tags:
    case ImportField::hub:
    case ImportField::modules:
    case ImportField::contact_hub:
    case ImportField::contact_primary:
    case ImportField::contact_name:
      return false;
    default:
      return true;
  }
}

/// Of a field that cannot be empty an empty cell says nothing.
bool can_be_cleared(ImportField field) {
  return field != ImportField::name && field != ImportField::country && field != ImportField::language &&
         field != ImportField::contact_first_name && field != ImportField::contact_last_name &&
         field != ImportField::contact_email;
}

void add_all(std::vector<std::string>& values, const std::vector<std::string>& more) {
  for (const std::string& value : more) insert_sorted(values, value);
}

std::string joined(const std::vector<std::string>& values) {
  return fmt::format("{}", fmt::join(values, ","));
}

void note(std::vector<FieldDifference>& found, std::string_view field, std::string before, std::string after) {
  if (before != after) found.push_back({std::string(field), std::move(before), std::move(after)});
}

}  // namespace

std::int64_t ImportMarks::pack() const {
  return given.bits() | present.bits() << import_fields | static_cast<std::int64_t>(is_guess) << (2 * import_fields);
}

ImportMarks ImportMarks::unpack(std::int64_t marks) {
  constexpr std::int64_t mask = (std::int64_t{1} << import_fields) - 1;
  return {FieldSet::from_bits(marks >> import_fields & mask), FieldSet::from_bits(marks & mask),
          (marks >> (2 * import_fields) & 1) != 0};
}

CustomerData merged(const CustomerData& present, const StagedCustomer& row, MergeRules rules) {
  const ImportMarks marks = ImportMarks::unpack(row.marks);
  CustomerData after = present;
  for (std::size_t i = 0; i < first_contact_field; ++i) {
    const ImportField field = customer_import_field(i);
    if (!is_text_field(field)) continue;
    const bool clears = rules.empty == EmptyCells::clear && marks.present.has(field) && can_be_cleared(field);
    if (!marks.given.has(field) && !clears) continue;
    const CustomerField& text = customer_field(to_string(field));
    text.set(after, text.get(row.data));
  }
  if (marks.given.has(ImportField::hub)) after.hub = row.data.hub;
  const auto replaces = [&](ImportField field) {
    return marks.given.has(field) || (rules.empty == EmptyCells::clear && marks.present.has(field));
  };
  if (replaces(ImportField::tags)) after.tags.clear();
  if (replaces(ImportField::modules)) after.modules.clear();
  add_all(after.tags, row.data.tags);
  // Otherwise they are what a new customer would have.
  if (marks.given.has(ImportField::modules) || rules.adds_modules) add_all(after.modules, row.data.modules);
  return after;
}

ContactData merged(const ContactData& present, const StagedContact& row, EmptyCells empty) {
  const ImportMarks marks = ImportMarks::unpack(row.marks);
  ContactData after = present;
  after.first_name = row.data.first_name;
  after.last_name = row.data.last_name;
  after.email = row.data.email;
  for (const ImportField field :
       {ImportField::contact_phone, ImportField::contact_title, ImportField::contact_language}) {
    const bool clears = empty == EmptyCells::clear && marks.present.has(field);
    if (!marks.given.has(field) && !clears) continue;
    const ContactField& text = contact_field(to_string(field).substr(contact_prefix));
    text.set(after, text.get(row.data));
  }
  if (marks.given.has(ImportField::contact_hub)) after.hub = row.data.hub;
  if (marks.given.has(ImportField::contact_primary) && row.data.primary) after.primary = true;
  return after;
}

std::vector<FieldDifference> differences(const CustomerData& before, const CustomerData& after) {
  std::vector<FieldDifference> found;
  note(found, "kind", std::string(to_string(before.kind)), std::string(to_string(after.kind)));
  for (const CustomerField& field : customer_fields()) note(found, field.name, field.get(before), field.get(after));
  note(found, "tags", joined(before.tags), joined(after.tags));
  note(found, "hub", std::string(to_string(before.hub)), std::string(to_string(after.hub)));
  note(found, "modules", joined(before.modules), joined(after.modules));
  return found;
}

std::vector<FieldDifference> differences(const ContactData& before, const ContactData& after) {
  std::vector<FieldDifference> found;
  for (const ContactField& field : contact_fields())
    note(found, fmt::format("contact_{}", field.name), field.get(before), field.get(after));
  note(found, "contact_hub", std::string(to_string(before.hub)), std::string(to_string(after.hub)));
  note(found, "contact_primary", before.primary ? "yes" : "", after.primary ? "yes" : "");
  return found;
}

std::vector<FieldDifference> disagreement(const CustomerData& first, const CustomerData& later, FieldSet given) {
  std::vector<FieldDifference> found = differences(first, later);
  std::erase_if(found, [&](const FieldDifference& one) {
    for (std::size_t i = 0; i < first_contact_field; ++i) {
      if (to_string(customer_import_field(i)) == one.field) return !given.has(customer_import_field(i));
    }
    return true;
  });
  return found;
}

}  // namespace kundehub::exchange
