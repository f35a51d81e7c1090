#include "cli/welcome/stop_signals.hpp"

#include <unistd.h>

#include <atomic>

#include "cli/exit_code.hpp"

namespace kundehub::cli {
namespace {

std::atomic<bool> signal_has_come = false;  // all that a handler can reach is what stands alone
static_assert(std::atomic<bool>::is_always_lock_free);

void take_signal(int) {
  if (signal_has_come.exchange(true)) _exit(static_cast<int>(ExitCode::interrupted));
}

}  // namespace

StopSignals::StopSignals() {
  signal_has_come = false;
  struct sigaction action {};
  action.sa_handler = take_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals.at(i), nullptr, &m_before.at(i));
    if (m_before.at(i).sa_handler != SIG_IGN) sigaction(signals.at(i), &action, nullptr);
  }
}

StopSignals::~StopSignals() {
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals.at(i), &m_before.at(i), nullptr);
}

bool StopSignals::has_come() noexcept {
  return signal_has_come;
}

}  // namespace kundehub::cli
