#include "cli/db/key_change.hpp"

#include <fmt/format.h>

#include "core/text/translate.hpp"

namespace kundehub::cli {

void warn_of_forgotten(Session& session, Store& store) {
  const std::int64_t erased = store.erased_count();
  if (erased == 0) return;
  session.warn(tr_n("{} erased address is not known again with the new link key, and may come back unnoticed",
                    "{} erased addresses are not known again with the new link key, and may come back unnoticed",
                    static_cast<std::size_t>(erased), erased),
               tr("if there is a copy of the old key: kundehub db key import FILE"));
}

}  // namespace kundehub::cli
