#pragma once

#include <chrono>
#include <functional>

#include "core/model/rate.hpp"

namespace kundehub {

/// Spreads mails evenly over time. One thread at a time.
class Pace {
 public:
  explicit Pace(const Rate& rate) : m_gap(rate.gap()) {}

  [[nodiscard]] bool is_limited() const { return m_gap.count() > 0; }

  /// Waits until the next mail may leave, or `give_up`, asked ten times a second, says so.
  void wait(const std::function<bool()>& give_up);

 private:
  std::chrono::nanoseconds m_gap;
  std::chrono::steady_clock::time_point m_next{};
};

}  // namespace kundehub
