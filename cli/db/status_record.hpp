#pragma once

#include "cli/output.hpp"
#include "core/store/maintenance.hpp"

namespace kundehub::cli {

extern const RecordKind store_status_kind;

Record to_record(const StoreStatus& status);

}  // namespace kundehub::cli
