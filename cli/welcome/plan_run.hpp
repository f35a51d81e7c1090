#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/session.hpp"
#include "core/store/store.hpp"
#include "core/welcome/invitation.hpp"
#include "core/welcome/send_plan.hpp"

namespace kundehub::cli {

/// What is done about every contact that the command line means, and which of its targets are none.
struct SendPlan {
  std::vector<PlannedSend> lines;
  std::vector<Error> unknown;
};
using Planner = std::function<SendPlan(Store&)>;

/// `--queue`: leave the mails to the next delivery run.
enum class SendWhen { now, queued };

/// What `welcome send` and `welcome resend` were asked for.
struct SendRequest {
  Planner plan;
  LinkPolicy link = LinkPolicy::keep;
  SendWhen when = SendWhen::now;
  std::string message{};  ///< the admin's own words
  bool selected = false;  ///< by --never-sent or --unused: asks before it sends
};

/// Plans, asks if a selection was made, puts the mails into the queue as one operation, sends them, prints what became
/// of each. In a dry run prints the plan: one line for every contact considered.
ExitCode run_plan(Session& session, const SendRequest& request);

/// Reads `--link keep|rotate`. Throws Error{usage}.
LinkPolicy parse_link_policy(const std::string& text);

}  // namespace kundehub::cli
