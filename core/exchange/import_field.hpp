#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kundehub::exchange {

/// What a column of an import may hold: the columns of CustomerText under their names, and a contact's whole name.
enum class ImportField : std::size_t {
  number,
  kind,
  name,
  cvr,
  email,
  phone,
  address,
  zip,
  city,
  country,
  language,
  website,
  notes,
  tags,
  hub,
  modules,
  contact_first_name,
  contact_last_name,
  contact_email,
  contact_phone,
  contact_title,
  contact_language,
  contact_hub,
  contact_primary,
  contact_name,
};
inline constexpr std::size_t import_fields = static_cast<std::size_t>(ImportField::contact_name) + 1;
inline constexpr std::size_t first_contact_field = static_cast<std::size_t>(ImportField::contact_first_name);

/// `number`, …, `contact_first_name`, …, `contact_name`.
std::string_view to_string(ImportField field);

constexpr bool is_contact_field(ImportField field) {
  return static_cast<std::size_t>(field) >= first_contact_field;
}

/// Which fields a record has. One bit for each.
class FieldSet {
 public:
  constexpr void add(ImportField field) { m_bits |= bit(field); }
  constexpr void remove(ImportField field) { m_bits &= ~bit(field); }
  [[nodiscard]] constexpr bool has(ImportField field) const { return (m_bits & bit(field)) != 0; }
  /// Without the fields of contacts.
  [[nodiscard]] constexpr FieldSet of_customer() const {
    return FieldSet(m_bits & ((std::int64_t{1} << first_contact_field) - 1));
  }
  [[nodiscard]] constexpr std::int64_t bits() const { return m_bits; }
  static constexpr FieldSet from_bits(std::int64_t bits) { return FieldSet(bits); }

  constexpr FieldSet() = default;
  friend constexpr bool operator==(FieldSet, FieldSet) = default;

 private:
  constexpr explicit FieldSet(std::int64_t bits) : m_bits(bits) {}
  static constexpr std::int64_t bit(ImportField field) { return std::int64_t{1} << static_cast<std::size_t>(field); }

  std::int64_t m_bits = 0;
};

/// The texts of a customer, or of one contact, by field.
class FieldTexts {
 public:
  void clear() { m_texts.fill({}); }
  std::string_view& operator[](ImportField field) { return m_texts[static_cast<std::size_t>(field)]; }
  std::string_view operator[](ImportField field) const { return m_texts[static_cast<std::size_t>(field)]; }

 private:
  std::array<std::string_view, import_fields> m_texts{};
};

}  // namespace kundehub::exchange
