#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/welcome/delivery_run.hpp"
#include "cli/welcome/sending.hpp"
#include "core/store/welcome_queue.hpp"

namespace kundehub::cli {
namespace {

constexpr std::chrono::minutes longest_idle{15};

struct WelcomeDeliverOptions {
  std::optional<std::string> limit, rate, connections, max_failures;
};

DeliveryRunOptions read_options(const WelcomeDeliverOptions& options) {
  DeliveryRunOptions run;
  if (options.limit) run.limit = parse_count("--limit", *options.limit, 1);
  if (options.rate) run.rate = parse_rate(*options.rate);
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
  total.quiet = report.quiet;
  total.unrecorded.insert(total.unrecorded.end(), report.unrecorded.begin(), report.unrecorded.end());
}

/// Why nothing was tried.
std::string describe_backlog(Session& session) {
  const Backlog backlog = session.store().welcome_queue().backlog();
  if (!backlog.next_due) return "nothing waits";
  return fmt::format("nothing was due; {} mail{}, the next one due on {}", backlog.mails,
                     backlog.mails == 1 ? " waits" : "s wait", format_local(*backlog.next_due));
}

ExitCode finish(Session& session, const DeliveryReport& report) {
  std::string parts;
  for (std::size_t state = 0; state < report.mails.size(); ++state) {
    if (report.mails[state] > 0)
      parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", report.mails[state],
                           to_string(static_cast<WelcomeState>(state)));
  }
  const SendingOutcome outcome = judge_delivery(report.mails, report);
  const std::string line = fmt::format("delivery run: {}", parts.empty() ? describe_backlog(session) : parts);
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
    if (run.limit || total.stop || total.quiet || store.welcome_queue().count_due(session.now()) == 0) break;
  }
  return finish(session, total);
}

}  // namespace

void add_welcome_deliver(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<WelcomeDeliverOptions>();
  CLI::App* deliver = add_verb(parent, "deliver", "send what is queued or due again: the cron job", options,
                               run_welcome_deliver, chosen);
  deliver->add_option("--limit", options->limit, "at most so many mails")->type_name("N");
  deliver
      ->add_option("--rate", options->rate, "so many mails in a time, as 10/s, 300/m or 1000/h, instead of mail.rate")
      ->type_name("N/s");
  deliver->add_option("--connections", options->connections, "to the mail server at once, instead of mail.connections")
      ->type_name("N");
  deliver->add_option("--max-failures", options->max_failures, "stop after so many mails that did not leave")
      ->type_name("N");
}

}  // namespace kundehub::cli
