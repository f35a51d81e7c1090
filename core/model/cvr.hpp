#pragma once

#include <string>
#include <string_view>

namespace kundehub {

/// A Danish company's number in the Central Business Register: 8 digits, the weighted sum (2 7 6 5 4 3 2 1) divisible
/// by 11 (Erhvervsstyrelsen's rule for CVR numbers). No invalid value of this type exists.
class Cvr {
 public:
  /// Takes `12345678`, with spaces between the digits or `DK` before them. Throws Error{bad_data}.
  static Cvr parse(std::string_view text);

  /// The 8 digits.
  [[nodiscard]] const std::string& text() const noexcept { return m_digits; }

  friend bool operator==(const Cvr&, const Cvr&) = default;

 private:
  explicit Cvr(std::string digits) : m_digits(std::move(digits)) {}

  std::string m_digits;
};

}  // namespace kundehub
