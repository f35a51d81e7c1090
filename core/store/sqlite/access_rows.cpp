#include "core/store/sqlite/access_rows.hpp"

#include <fmt/format.h>

#include "core/store/sqlite/link_rows.hpp"

namespace kundehub::sqlite {

const char* const has_access = R"sql(
  (customer.archived_at IS NULL AND customer.hub = 1 AND contact.hub = 1 AND contact.email_key IS NOT NULL)
)sql";

std::string may_log_in() {
  return fmt::format(R"sql(
    ({} AND EXISTS (
      SELECT 1 FROM login_link AS link WHERE link.contact_id = contact.id AND link.email_key = contact.email_key
        AND (link.used_at IS NOT NULL OR (link.ended_at IS NULL AND {} > :now))))
  )sql",
                     has_access, link_valid_until);
}

}  // namespace kundehub::sqlite
