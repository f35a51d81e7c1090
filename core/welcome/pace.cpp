#include "core/welcome/pace.hpp"

#include <algorithm>
#include <thread>

namespace kundehub {

void Pace::wait(const std::function<bool()>& give_up) {
  using Clock = std::chrono::steady_clock;
  while (Clock::now() < m_next) {
    if (give_up()) return;
    std::this_thread::sleep_for(std::min<Clock::duration>(m_next - Clock::now(), std::chrono::milliseconds(100)));
  }
  m_next = std::max(m_next, Clock::now()) + m_gap;
}

}  // namespace kundehub
