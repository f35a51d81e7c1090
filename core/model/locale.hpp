#pragma once

#include <string>
#include <string_view>

namespace kundehub {

/// The language of a person's HUB and mails.
enum class Language { da, en };

/// Throws Error{bad_data} for anything but `da` and `en`.
Language parse_language(std::string_view text);
std::string_view to_string(Language language);

/// A country by its ISO 3166-1 alpha-2 code. No invalid value of this type exists.
class Country {
 public:
  /// Takes an assigned code in either case. Throws Error{bad_data}.
  static Country parse(std::string_view text);

  /// Two capital letters.
  [[nodiscard]] const std::string& text() const noexcept { return m_code; }

  friend bool operator==(const Country&, const Country&) = default;

 private:
  explicit Country(std::string code) : m_code(std::move(code)) {}

  std::string m_code;
};

}  // namespace kundehub
