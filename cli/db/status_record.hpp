#pragma once

#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "core/store/maintenance.hpp"

namespace kundehub::cli {

extern const RecordKind store_status_kind;

Record to_record(const StoreStatus& status);

/// How a change of the database as a file ends: partial, and told, if there was trouble behind it.
ExitCode end_with(const std::string& trouble, Session& session);

}  // namespace kundehub::cli
