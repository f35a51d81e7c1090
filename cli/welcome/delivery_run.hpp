#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/session.hpp"
#include "core/welcome/delivery.hpp"

namespace kundehub::cli {

struct DeliveryRunOptions {
  std::vector<WelcomeId> only;  ///< empty: whatever is due
  std::optional<int> limit, max_failures, connections;
  std::optional<Rate> rate;
};

/// The right to deliver; absent if another holds it still after 10 seconds, or a signal has come.
std::unique_ptr<DeliveryLease> wait_for_lease(Session& session);

/// One delivery run that tells of each mail on stderr; with --quiet only of those that did not leave. With StopSignals
/// alive, a signal ends it in good order.
DeliveryReport run_delivery(Session& session, DeliveryLease& lease, const DeliveryRunOptions& options);

/// How the mails of a command ended: 0 or 5, or, if none left, why not.
struct SendingOutcome {
  ExitCode code = ExitCode::ok;
  std::optional<Error> failure;
  std::string summary{};  ///< in a line: `welcome mails: 3 sent, 1 deferred`; empty: nothing to sum up

  /// Prints the summary and reports the failure, if there is one.
  [[nodiscard]] ExitCode conclude(Session& session) const;
};

/// `3 sent, 1 deferred`: whatever there is of each state.
std::string describe_counts(const WelcomeCounts& mails);

/// All sent (or nothing to do, or left to the end of the quiet hours): 0; some: 5; all rejected for good:
/// Error{all_rejected}; none sent and worth another try: Error{temporary}; else by what stopped the run. `mails`: how
/// many there are in each state.
SendingOutcome judge_delivery(const WelcomeCounts& mails, const DeliveryReport& report);

}  // namespace kundehub::cli
