#pragma once

#include <string>

#include "cli/exit_code.hpp"
#include "cli/session.hpp"

namespace kundehub::cli {

/// How a change ends that is no operation: as `code`; or as partial if there was trouble behind it, which is told at
/// once.
ExitCode ending(const std::string& trouble, ExitCode code, Session& session);

}  // namespace kundehub::cli
