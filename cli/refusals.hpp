#pragma once

#include <functional>
#include <optional>

#include "cli/exit_code.hpp"
#include "cli/session.hpp"
#include "core/model/error.hpp"

namespace kundehub::cli {

/// True if it is about one target only: a conflict, a missing record, a name that is none.
bool is_refusal(const Error& error);

/// The targets of a command that were refused while others are done. One target alone fails as any command does.
class Refusals {
 public:
  /// `targets`: how many there are in all.
  Refusals(Session& session, std::size_t targets) : m_session(session), m_targets(targets) {}

  /// Runs `step` for one target; a refusal is told and counted. Everything else, and the refusal of every target there
  /// is, throws.
  void guard(const std::function<void()>& step);

  /// Counts one that was refused without an exception, and tells why.
  void refuse(const Error& why);

  [[nodiscard]] bool any() const { return m_refused > 0; }

  /// 5 if any target was refused, else `otherwise`.
  [[nodiscard]] ExitCode exit_code(ExitCode otherwise) const { return m_refused > 0 ? ExitCode::partial : otherwise; }

 private:
  Session& m_session;
  std::size_t m_targets;
  std::size_t m_refused = 0;
};

}  // namespace kundehub::cli
