#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/mail_folder.hpp"
#include "cli/welcome/sending.hpp"
#include "core/store/welcome_queue.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct WelcomeBouncesOptions {
  std::string source;
};

/// What was found in the reports.
struct Reports {
  std::vector<BounceReport> bounces;
  int mails = 0, unreadable = 0;
};

/// Only `failed` is final (RFC 3464, section 2.3.3): a mail that is delayed may still arrive.
void take(Session& session, Reports& reports, const std::string& where, const std::string& mail) {
  ++reports.mails;
  const mail::StatusNotification notification = session.read_notification(mail);
  for (const mail::ReportedRecipient& recipient : notification.recipients) {
    if (recipient.action != "failed") continue;
    if (notification.message_id.empty()) {
      session.note(tr("{} reports that {} could not be reached, and does not say with which mail", text::quoted(where),
                      recipient.address));
      continue;
    }
    reports.bounces.push_back({notification.message_id, recipient.address, without_tokens(recipient.text)});
  }
}

Reports read_reports(const WelcomeBouncesOptions& options, Session& session) {
  Reports reports;
  if (options.source == "-") {
    take(session, reports, "standard input", read_mail(session.in()));
    return reports;
  }
  each_mail(
      options.source, [&](const std::string& path, const std::string& mail) { take(session, reports, path, mail); },
      [&](const std::string& why) {
        ++reports.unreadable;
        session.warn(why);
      });
  return reports;
}

void tell(Session& session, const BounceReport& report, BounceOutcome outcome) {
  if (outcome == BounceOutcome::unknown) {
    session.note(tr("a report about {}: none of our mails ({})", report.address, report.text));
  } else if (outcome == BounceOutcome::sending) {
    session.warn(tr("the mail to {} is just being sent once more", report.address),
                 tr("run the command again in a minute"));
  }
}

/// The mails that are bounced now.
std::vector<WelcomeId> record(Session& session, const Reports& reports) {
  struct DryRun {};
  WelcomeQueue& queue = session.store().welcome_queue();
  std::vector<BounceResult> results;
  try {
    queue.in_group([&] {
      for (const BounceReport& report : reports.bounces) results.push_back(queue.record_bounce(report, session.now()));
      if (session.options().dry_run) throw DryRun();  // and nothing has happened
    });
  } catch (const DryRun&) {
  }
  std::vector<WelcomeId> bounced;
  for (std::size_t i = 0; i < results.size(); ++i) {
    tell(session, reports.bounces[i], results[i].outcome);
    if (results[i].outcome == BounceOutcome::bounced) bounced.push_back(*results[i].welcome);
  }
  if (!bounced.empty() && !session.options().dry_run) session.mark_changed();
  return bounced;
}

ExitCode run_welcome_bounces(const WelcomeBouncesOptions& options, Session& session) {
  check_fields(session.options().output, welcome_kind);
  const Reports reports = read_reports(options, session);
  const std::string read = fmt::format(
      "{}, {}", tr_n("{} mail read", "{} mails read", static_cast<std::size_t>(reports.mails), reports.mails),
      tr_n("{} failure reported", "{} failures reported", reports.bounces.size(), reports.bounces.size()));
  const auto bounced = reports.bounces.empty() ? std::vector<WelcomeId>{} : record(session, reports);
  session.note(session.options().dry_run
                   ? tr("dry run: {}, {} of our mails would be marked as bounced", read, bounced.size())
                   : tr("{}, {} of our mails marked as bounced", read, bounced.size()));
  print_mails(session, bounced);
  return reports.unreadable > 0 ? ExitCode::partial : ExitCode::ok;
}

}  // namespace

void add_welcome_bounces(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<WelcomeBouncesOptions>();
  CLI::App* bounces = add_verb(parent, "bounces", "read delivery reports and mark the mails they are about", options,
                               run_welcome_bounces, chosen);
  bounces
      ->add_option("source", options->source, "a Maildir of reports, which is left as it is; - is one report on stdin")
      ->required()
      ->type_name("MAILDIR|-");
}

}  // namespace kundehub::cli
