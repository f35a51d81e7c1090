#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/welcome/delivery_run.hpp"
#include "cli/welcome/sending.hpp"

namespace kundehub::cli {
namespace {

constexpr std::chrono::minutes longest_idle{15};

// As long as `welcome send` waits: one that sends a few mails of its own leaves the rest of the queue to this run.
constexpr std::chrono::seconds wait_for_other_delivery{10};

struct WelcomeDeliverOptions {
  std::optional<std::string> limit, connections, max_failures;
};

DeliveryRunOptions read_options(const WelcomeDeliverOptions& options) {
  DeliveryRunOptions run;
  if (options.limit) run.limit = parse_count("--limit", *options.limit, 1);
  if (options.connections) run.connections = parse_count("--connections", *options.connections, 1);
  if (options.max_failures) run.max_failures = parse_count("--max-failures", *options.max_failures, 1);
  return run;
}

/// Another run has the lease. It does the work, unless it hangs.
ExitCode leave_to_other(Session& session) {
  const auto idle = session.store().delivery_idle();
  if (idle && *idle > longest_idle) {
    session.warn(fmt::format("another delivery is running and has made no progress for {}",
                             format_duration(std::chrono::floor<std::chrono::minutes>(*idle))));
    return ExitCode::temporary;
  }
  session.note("another delivery is running");
  return ExitCode::ok;
}

void add(DeliveryReport& total, const DeliveryReport& report) {
  for (std::size_t i = 0; i < total.mails.size(); ++i) total.mails[i] += report.mails[i];
  total.stop = report.stop;
}

ExitCode finish(Session& session, const DeliveryReport& report) {
  std::string parts;
  for (std::size_t state = 0; state < report.mails.size(); ++state) {
    if (report.mails[state] > 0)
      parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", report.mails[state],
                           to_string(static_cast<WelcomeState>(state)));
  }
  const SendingOutcome outcome = judge_delivery(report.mails, report.stop);
  const std::string line = fmt::format("delivery run: {}", parts.empty() ? "nothing was due" : parts);
  if (outcome.code == ExitCode::ok) {
    session.note(line);
  } else {
    session.warn(line);
  }
  return outcome.conclude(session);
}

ExitCode run_welcome_deliver(const WelcomeDeliverOptions& options, Session& session) {
  require_mail(session);
  const DeliveryRunOptions run = read_options(options);
  Store& store = session.store();
  if (session.options().dry_run) {
    session.note(fmt::format("dry run: {} mails are due", store.welcome_queue().count_due(session.now())));
    return ExitCode::ok;
  }
  DeliveryReport total;
  for (bool first = true;; first = false) {
    {
      const auto lease = store.try_delivery_lease(first ? wait_for_other_delivery : std::chrono::seconds(0));
      if (!lease && first) return leave_to_other(session);
      if (!lease) break;
      add(total, run_delivery(session, *lease, run));
    }
    // A mail that came in while the lease was still held was left to this run by everyone else.
    if (run.limit || total.stop || store.welcome_queue().count_due(session.now()) == 0) break;
  }
  return finish(session, total);
}

}  // namespace

void add_welcome_deliver(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<WelcomeDeliverOptions>();
  CLI::App* deliver = add_verb(parent, "deliver", "send what is queued or due again: the cron job", options,
                               run_welcome_deliver, chosen);
  deliver->add_option("--limit", options->limit, "at most so many mails")->type_name("N");
  deliver->add_option("--connections", options->connections, "to the mail server at once, instead of mail.connections")
      ->type_name("N");
  deliver->add_option("--max-failures", options->max_failures, "stop after so many mails that did not leave")
      ->type_name("N");
}

}  // namespace kundehub::cli
