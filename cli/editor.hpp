#pragma once

#include <filesystem>
#include <string>

#include "cli/session.hpp"

namespace kundehub::cli {

/// Opens the user's editor (`VISUAL`, `EDITOR`, else vi on a terminal) on `file` and waits for it. Throws Error{usage}
/// if there is neither an editor nor a terminal, Error{unconfirmed} if the editor ends with a failure.
void edit_file(Session& session, const std::filesystem::path& file);

}  // namespace kundehub::cli
