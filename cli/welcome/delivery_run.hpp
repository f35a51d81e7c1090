#pragma once

#include <optional>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/session.hpp"
#include "core/welcome/delivery.hpp"

namespace kundehub::cli {

struct DeliveryRunOptions {
  std::vector<WelcomeId> only;  ///< empty: whatever is due
  std::optional<int> limit, max_failures, connections;
};

/// One delivery run that tells of each mail on stderr; with --quiet only of those that did not leave.
DeliveryReport run_delivery(Session& session, DeliveryLease& lease, const DeliveryRunOptions& options);

/// 0 all sent (or nothing to do), 5 some, 69 all rejected, 75 none sent and worth another try, 78 configuration.
/// `asked`: how many mails there were.
ExitCode delivery_exit_code(const DeliveryReport& report, int asked);

}  // namespace kundehub::cli
