#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace kundehub {

/// How many mails may leave in a time; none is no limit.
struct Rate {
  int mails = 0;
  std::chrono::seconds per{1};

  /// The time from one mail to the next; 0 without a limit.
  [[nodiscard]] std::chrono::nanoseconds gap() const;
};

/// Reads `10/s`, `300/m`, `1000/h`; empty text is no limit. Throws Error{bad_data} that names the form.
Rate parse_rate(std::string_view text);

/// The inverse of parse_rate.
std::string format_rate(const Rate& rate);

}  // namespace kundehub
