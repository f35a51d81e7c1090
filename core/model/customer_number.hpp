#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kundehub {

/// What the admin and the books call a customer: 1 to 32 letters, digits and `-._/`, beginning with a letter or digit
/// and kept just as it came (`00042` is not `42`). Only ASCII: it is typed in shells. No invalid value of this type
/// exists.
class CustomerNumber {
 public:
  /// Throws Error{bad_data} that says what a number looks like.
  static CustomerNumber parse(std::string_view text);

  /// Takes the number from a counter. `value` > 0.
  static CustomerNumber from_counter(std::int64_t value);

  [[nodiscard]] const std::string& text() const noexcept { return m_text; }

  /// The value that the counter of given-out numbers has to pass; absent for a number that is not 1 to 15 plain digits.
  [[nodiscard]] std::optional<std::int64_t> counter_value() const;

  friend bool operator==(const CustomerNumber&, const CustomerNumber&) = default;

 private:
  explicit CustomerNumber(std::string text) : m_text(std::move(text)) {}

  std::string m_text;
};

}  // namespace kundehub
