#include "cli/welcome/delivery_run.hpp"

#include <fmt/format.h>

#include "core/model/access.hpp"

namespace kundehub::cli {
namespace {

std::string tell(const DeliveredMail& mail) {
  std::string line = fmt::format("welcome mail to {}: {}", describe(mail.contact), to_string(mail.state));
  if (mail.state != WelcomeState::sent && !mail.reply.empty()) line += fmt::format(" ({})", mail.reply);
  if (mail.due_at && mail.state != WelcomeState::queued)
    line += fmt::format(", next try {}", format_local(*mail.due_at));
  return line;
}

}  // namespace

DeliveryReport run_delivery(Session& session, DeliveryLease& lease, const DeliveryRunOptions& options) {
  Config config = session.config();
  config.mail.connections = options.connections.value_or(config.mail.connections);
  const DeliverySettings settings{.config = config,
                                  .key = session.key(),
                                  .clock = session.clock(),
                                  .only = options.only,
                                  .limit = options.limit,
                                  .max_failures = options.max_failures};
  const DeliveryReport report = deliver(
      session.store(), lease, settings, [&] { return session.connect(); },
      [&](const DeliveredMail& mail) {
        if (mail.state == WelcomeState::sent) {
          session.note(tell(mail));
        } else {
          session.warn(tell(mail));
        }
      });
  if (report.stop) {
    session.warn(fmt::format("delivery stopped: {}", report.stop->reason));
    session.hint(report.stop->kind == ErrorKind::config ? "kundehub config list"
                                                        : "kundehub welcome deliver, in a while");
  }
  return report;
}

ExitCode delivery_exit_code(const DeliveryReport& report, int asked) {
  const int sent = report.count(WelcomeState::sent);
  if (sent == asked && !report.stop) return ExitCode::ok;
  if (sent > 0) return ExitCode::partial;
  if (report.stop) return exit_code(report.stop->kind);
  if (report.count(WelcomeState::failed) == asked) return ExitCode::all_rejected;
  const int later = report.count(WelcomeState::deferred) + report.count(WelcomeState::queued);
  return later == asked ? ExitCode::temporary : ExitCode::partial;
}

}  // namespace kundehub::cli
