#pragma once

#include <array>
#include <csignal>

namespace kundehub::cli {

/// While it lives, TERM, INT and HUP ask for an end instead of making one; the second of them ends the process at once
/// with 130. A signal that was ignored stays so (nohup). One at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// True once one has come, from any thread.
  static bool has_come() noexcept;

 private:
  static constexpr std::array signals{SIGTERM, SIGINT, SIGHUP};
  std::array<struct sigaction, signals.size()> m_before{};
};

}  // namespace kundehub::cli
