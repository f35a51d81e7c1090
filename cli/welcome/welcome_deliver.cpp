#include <algorithm>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/delivery_run.hpp"
#include "cli/welcome/sending.hpp"
#include "cli/welcome/stop_signals.hpp"
#include "core/config_keys.hpp"
#include "core/store/welcome_queue.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/translate.hpp"

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
  if (options.connections) run.connections = parse_count("--connections", *options.connections, 1, max_connections);
  if (options.max_failures) run.max_failures = parse_count("--max-failures", *options.max_failures, 1);
  return run;
}

/// The records of the mails that were tried, where a script asks for them; an admin has had a line for each.
void print_tried(Session& session, const std::vector<WelcomeId>& tried) {
  if (session.options().output.format) print_mails(session, tried);
}

/// Another run has the lease. It does the work, unless it hangs.
ExitCode leave_to_other(Session& session) {
  if (StopSignals::has_come())
    throw Error(ErrorKind::interrupted, tr("interrupted while another delivery was running"));
  const auto idle = session.store().delivery_idle();
  if (idle && *idle > longest_idle) {
    const std::string lock_file = session.database_file().native() + ".send";
    throw Error(ErrorKind::temporary,
                tr("another delivery is running and has made no progress for {}",
                   format_duration(std::chrono::floor<std::chrono::minutes>(*idle))),
                tr("see who it is with: fuser {}", text::shell_word(lock_file)));
  }
  session.note(tr("another delivery is running"));
  print_tried(session, {});
  return ExitCode::ok;
}

void add(DeliveryReport& total, const DeliveryReport& report) {
  for (std::size_t i = 0; i < total.mails.size(); ++i) total.mails[i] += report.mails[i];
  total.stop = report.stop;
  total.quiet = report.quiet;
  total.killed += report.killed;
  total.tried.insert(total.tried.end(), report.tried.begin(), report.tried.end());
  total.unrecorded.insert(total.unrecorded.end(), report.unrecorded.begin(), report.unrecorded.end());
}

std::string count_mails(std::int64_t mails) {
  return tr_n("{} mail", "{} mails", static_cast<std::size_t>(mails), mails);
}

/// What was not tried, and when it will be.
std::string describe_waiting(Session& session, const DeliveryReport& report, const Backlog& backlog) {
  if (!backlog.next_due) return tr("nothing waits");
  const std::string waiting =
      tr_n("{} mail waits", "{} mails wait", static_cast<std::size_t>(backlog.mails), backlog.mails);
  if (report.quiet) return tr("{} until {}", waiting, format_time_of_day(session.config().welcome.quiet.until));
  if (*backlog.next_due <= session.now()) return waiting;
  return tr("{}, the next one due on {}", waiting, format_local(*backlog.next_due));
}

std::string describe_backlog(Session& session, const DeliveryReport& report) {
  const Backlog backlog = session.store().welcome_queue().backlog();
  std::string text = describe_waiting(session, report, backlog);
  if (backlog.held > 0)
    text += tr_n("; {} mail is held until you send or cancel: kundehub welcome status",
                 "; {} mails are held until you send or cancel: kundehub welcome status",
                 static_cast<std::size_t>(backlog.held), backlog.held);
  return text;
}

/// `2 sent, 1 deferred; 3 mails wait, …`.
std::string summarise(Session& session, const DeliveryReport& report) {
  std::string parts = describe_counts(report.mails);
  if (!report.unrecorded.empty())
    parts += (parts.empty() ? "" : ", ") + tr("{} not recorded", report.unrecorded.size());
  const bool nothing_was_due = !report.stop && !report.quiet;
  if (parts.empty()) parts = nothing_was_due ? tr("nothing was due") : tr("nothing was tried");
  return tr("delivery run: {}; {}", parts, describe_backlog(session, report));
}

ExitCode finish(Session& session, const DeliveryReport& report) {
  SendingOutcome outcome = judge_delivery(report.mails, report);
  outcome.summary = summarise(session, report);
  if (!report.tried.empty()) session.mark_changed();  // whatever becomes of the output
  print_tried(session, report.tried);
  return outcome.conclude(session);
}

ExitCode tell_plan(Session& session, const DeliveryRunOptions& run) {
  const int limit = run.limit.value_or(std::numeric_limits<int>::max());
  const auto due = session.store().welcome_queue().due(session.now(), limit);
  const QuietHours& quiet = session.config().welcome.quiet;
  const std::string when =
      quiet.contains(session.now()) ? tr(", after {}", format_time_of_day(quiet.until)) : std::string();
  session.note(tr("dry run: {} would be tried{}", count_mails(std::ssize(due)), when));
  print_tried(session, due);
  return ExitCode::ok;
}

ExitCode run_welcome_deliver(const WelcomeDeliverOptions& options, Session& session) {
  check_fields(session.options().output, welcome_kind);
  require_mail(session);
  DeliveryRunOptions run = read_options(options);
  Store& store = session.store();
  if (session.options().dry_run) return tell_plan(session, run);
  const StopSignals signals;
  DeliveryReport total;
  for (bool first = true;; first = false) {
    {
      const auto lease = first ? wait_for_lease(session) : store.try_delivery_lease(std::chrono::seconds(0));
      if (!lease && first) return leave_to_other(session);
      if (!lease) break;
      const DeliveryReport report = run_delivery(session, *lease, run);
      if (run.limit) *run.limit -= std::accumulate(report.mails.begin(), report.mails.end(), 0);
      add(total, report);
    }
    // A mail that came in while the lease was still held was left to this run by everyone else.
    const bool may_go_on = !total.stop && !total.quiet && run.limit.value_or(1) > 0;
    if (!may_go_on || store.welcome_queue().count_due(session.now(), {}) == 0) break;
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
