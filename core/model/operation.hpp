#pragma once

#include <optional>
#include <string>

#include "core/model/ids.hpp"
#include "core/model/time.hpp"

namespace kundehub {

/// Who changes something, and how (R14).
struct OperationContext {
  std::string actor, host;
  std::string command;  ///< the command line, quoted for a POSIX shell
  Time at{};
};

/// Whether a change stays, or is made only to see what it does.
enum class OperationMode { keep, dry_run };

/// A change that was made.
struct OperationEntry {
  OperationId id;
  OperationContext context;
  std::optional<OperationId> undoes{};  ///< of an undo: what it took back
};

}  // namespace kundehub
