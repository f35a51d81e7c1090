#include "cli/db/key_change.hpp"

#include <fmt/format.h>

namespace kundehub::cli {

void warn_of_forgotten(Session& session, Store& store) {
  const std::int64_t erased = store.erased_count();
  if (erased == 0) return;
  session.warn(fmt::format("{} erased address{} not known again with the new link key, and may come back unnoticed",
                           erased, erased == 1 ? " is" : "es are"),
               "if there is a copy of the old key: kundehub db key import FILE");
}

}  // namespace kundehub::cli
