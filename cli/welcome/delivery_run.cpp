#include "cli/welcome/delivery_run.hpp"

#include <numeric>

#include <fmt/format.h>

#include "cli/welcome/stop_signals.hpp"
#include "core/model/access.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

/// How long a command waits for another delivery to end. One that sends a few mails of its own leaves the rest of the
/// queue to whoever waits.
constexpr int seconds_for_other_delivery = 10;

constexpr const char* kundehub_deliver = "kundehub welcome deliver";
constexpr const char* see_status = "kundehub welcome status";

std::string tell(const DeliveredMail& mail) {
  std::string line = tr("welcome mail to {}: {}", describe(mail.contact), to_string(mail.state));
  if (mail.state != WelcomeState::sent && !mail.reply.empty()) line += fmt::format(" ({})", mail.reply);
  if (mail.due_at && mail.state != WelcomeState::queued) line += tr(", next try {}", format_local(*mail.due_at));
  return line;
}

/// What is set wrong has to be mended before another run can help.
std::string remedy(const DeliveryStop& stop) {
  if (!stop.hint.empty()) return stop.hint;
  return stop.kind == ErrorKind::config
             ? tr("mend that first (a setting with kundehub config set), then kundehub welcome deliver")
             : kundehub_deliver;
}

void tell_of_end(Session& session, const DeliveryReport& report) {
  for (const DeliveredMail& mail : report.unrecorded) {
    session.warn(tr("welcome mail to {}: {}, but this could not be recorded; the next run takes it as {}",
                    describe(mail.contact), mail.reply, to_string(mail.state)));
  }
  if (report.killed > 0) {
    session.warn(tr_n("an earlier run was killed before the server answered: {} mail is uncertain",
                      "an earlier run was killed before the server answered: {} mails are uncertain",
                      static_cast<std::size_t>(report.killed), report.killed),
                 "kundehub welcome status --state uncertain");
  }
  if (report.stop) session.warn(tr("delivery stopped: {}", report.stop->reason), remedy(*report.stop));
  if (!report.quiet) return;
  session.note(tr("quiet hours until {}: the mails wait in the queue",
                  format_time_of_day(session.config().welcome.quiet.until)));
}

void tell_of_mail(Session& session, const DeliveredMail& mail) {
  if (mail.state == WelcomeState::sent) {
    session.note(tell(mail));
  } else {
    session.warn(tell(mail));
  }
}

}  // namespace

DeliveryReport run_delivery(Session& session, DeliveryLease& lease, const DeliveryRunOptions& options) {
  Config config = session.config();
  config.mail.connections = options.connections.value_or(config.mail.connections);
  config.mail.rate = options.rate.value_or(config.mail.rate);
  const DeliverySettings settings{.config = config,
                                  .key = session.key(),
                                  .templates = session.templates(),
                                  .clock = session.clock(),
                                  .only = options.only,
                                  .limit = options.limit,
                                  .max_failures = options.max_failures,
                                  .interrupted = StopSignals::has_come};
  const DeliveryReport report = deliver(
      session.store(), lease, settings, [&](const mail::GiveUp& give_up) { return session.connect(give_up); },
      [&](const DeliveredMail& mail) { tell_of_mail(session, mail); });
  tell_of_end(session, report);
  return report;
}

std::unique_ptr<DeliveryLease> wait_for_lease(Session& session) {
  for (int second = 0; second < seconds_for_other_delivery && !StopSignals::has_come(); ++second) {
    if (auto lease = session.store().try_delivery_lease(std::chrono::seconds(1))) return lease;
  }
  return nullptr;
}

ExitCode SendingOutcome::conclude(Session& session) const {
  if (!summary.empty() && code == ExitCode::ok) session.note(summary);
  if (!summary.empty() && code != ExitCode::ok) session.warn(summary);
  if (!failure) {
    if (code == ExitCode::partial)
      session.explain_partial(summary.empty() ? tr("not every mail has left") : summary, see_status);
    return code;
  }
  const ExitCode failed = exit_code(failure->kind());
  session.report(*failure, static_cast<int>(failed));
  return failed;
}

std::string describe_counts(const WelcomeCounts& mails) {
  std::string parts;
  for (std::size_t state = 0; state < mails.size(); ++state) {
    if (mails[state] == 0) continue;
    parts +=
        fmt::format("{}{} {}", parts.empty() ? "" : ", ", mails[state], to_string(static_cast<WelcomeState>(state)));
  }
  return parts;
}

SendingOutcome judge_delivery(const WelcomeCounts& mails, const DeliveryReport& report) {
  const auto count = [&](WelcomeState state) { return mails.at(static_cast<std::size_t>(state)); };
  const auto& stop = report.stop;
  if (!report.unrecorded.empty() || (stop && stop->kind == ErrorKind::no_output)) {
    return {ExitCode::partial, Error(ErrorKind::no_output,
                                     (report.unrecorded.empty() ? tr("the delivery could not go on")
                                                                : tr("not every outcome could be recorded")) +
                                         (stop ? ": " + stop->reason : ""),
                                     tr("make room, then kundehub welcome deliver"))};
  }
  if (stop && stop->kind == ErrorKind::interrupted) {
    return {ExitCode::partial,
            Error(stop->kind, tr("interrupted: what had not left waits in the queue"), remedy(*stop))};
  }
  const int left_in_peace = report.quiet ? count(WelcomeState::queued) : 0;
  const int asked = std::accumulate(mails.begin(), mails.end(), 0) - left_in_peace;
  const int sent = count(WelcomeState::sent) + count(WelcomeState::used);
  if (sent == asked && !stop) return {};
  if (asked > 0 && count(WelcomeState::failed) == asked) {
    return {ExitCode::partial, Error(ErrorKind::all_rejected, tr("every mail has failed for good"),
                                     "kundehub welcome status --state failed")};
  }
  if (sent + count(WelcomeState::failed) > 0) return {ExitCode::partial, std::nullopt};
  if (stop) return {ExitCode::partial, Error(stop->kind, tr("no mail has left: {}", stop->reason), remedy(*stop))};
  if (count(WelcomeState::deferred) + count(WelcomeState::queued) < asked) return {ExitCode::partial, std::nullopt};
  return {ExitCode::partial, Error(ErrorKind::temporary, tr("no mail has left: every one waits for another try"),
                                   tr("kundehub welcome deliver tries each when it is due: kundehub welcome status"))};
}

}  // namespace kundehub::cli
