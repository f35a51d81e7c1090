#include "cli/welcome/plan_run.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/records.hpp"
#include "cli/refusals.hpp"
#include "cli/welcome/sending.hpp"
#include "core/model/access.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

std::size_t count(const SendPlan& plan, SendDecision decision) {
  const auto is = [&](const PlannedSend& planned) { return planned.decision == decision; };
  return static_cast<std::size_t>(std::count_if(plan.lines.begin(), plan.lines.end(), is));
}

/// The prompt, before the turn to write is taken: nobody waits for an answer. Returns how many mails were agreed to;
/// absent if it was not asked.
std::optional<std::size_t> confirm_selection(Session& session, const SendRequest& request) {
  if (!request.selected || session.options().dry_run || session.options().yes) return std::nullopt;
  const std::size_t mails = count(request.plan(session.store()), SendDecision::send);
  if (mails > 0) session.confirm(tr_n("Send {} welcome mail?", "Send {} welcome mails?", mails, mails));
  return mails;
}

void check_agreed(const SendPlan& plan, std::optional<std::size_t> agreed) {
  if (!agreed || count(plan, SendDecision::send) <= *agreed) return;
  throw Error(ErrorKind::temporary,
              tr("there are more mails to send than you agreed to: somebody has changed something meanwhile"),
              tr("run the command again"));
}

Record planned_record(Operation& operation, Session& session, const PlannedSend& planned, LinkPolicy policy) {
  Record record = to_record(planned);
  if (planned.decision != SendDecision::send) return record;
  const LinkFate fate = link_fate(operation, planned.contact, policy, session.key());
  record["link"] = fate == LinkFate::kept ? "kept" : "new";
  record["link_expires_at"] = time_value(session.now() + session.config().hub.link_ttl);
  return record;
}

/// The plan of a dry run: one line for every contact considered; as ids only those that would get a mail.
void print_plan(Session& session, const SendPlan& plan, const std::vector<Record>& lines) {
  const auto format = session.options().output.format;
  const bool only_sends = format == Format::ids || format == Format::count;
  RecordWriter writer(session.out(), session.options().output, plan_kind, RecordWriter::Shape::many);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!only_sends || plan.lines[i].decision == SendDecision::send) writer.add(lines[i]);
  }
  writer.finish();
  for (const Error& error : plan.unknown) session.warn(error.what(), error.hint());
  session.note(tr("dry run: {} of {} contacts would get a mail", count(plan, SendDecision::send), plan.lines.size()));
}

void tell(Session& session, const PlannedSend& planned, Refusals& refusals) {
  const std::string text = fmt::format("{}: {}", describe(planned.contact), planned.text);
  if (planned.decision == SendDecision::refuse) {
    refusals.refuse(Error(ErrorKind::conflict, tr("no welcome mail can go to {}", text), planned.remedy));
  } else if (planned.decision == SendDecision::skip) {
    session.note(tr("skipped {}", text), planned.remedy);
  }
}

/// Tells of skips and refusals, and returns who gets a mail.
std::vector<ContactOverview> tell_and_choose(Session& session, const SendRequest& request, const SendPlan& plan,
                                             Refusals& refusals) {
  for (const Error& error : plan.unknown) refusals.refuse(error);
  std::vector<ContactOverview> contacts;
  for (const PlannedSend& planned : plan.lines) {
    if (!request.selected || planned.decision == SendDecision::refuse) tell(session, planned, refusals);
    if (planned.decision == SendDecision::send) contacts.push_back(planned.contact);
  }
  return contacts;
}

/// The same, up to the queue, and taken back.
ExitCode run_dry(Session& session, const SendRequest& request) {
  Store& store = session.writing_store();
  auto operation = session.begin_operation(store);
  const SendPlan plan = request.plan(store);
  std::vector<Record> lines;
  std::vector<ContactOverview> contacts;
  for (const PlannedSend& planned : plan.lines) {
    lines.push_back(planned_record(*operation, session, planned, request.link));
    if (planned.decision == SendDecision::send) contacts.push_back(planned.contact);
  }
  invite_all(*operation, session, contacts, request.link, request.message);
  operation.reset();  // before anything is printed: a pager must not keep other admins waiting
  print_plan(session, plan, lines);
  const bool refused = !plan.unknown.empty() || count(plan, SendDecision::refuse) > 0;
  return refused ? ExitCode::partial : ExitCode::ok;
}

}  // namespace

LinkPolicy parse_link_policy(const std::string& text) {
  if (text == "keep") return LinkPolicy::keep;
  if (text == "rotate") return LinkPolicy::rotate;
  throw Error(ErrorKind::usage, tr("--link takes keep or rotate, not {}", text::quoted(text)));
}

ExitCode run_plan(Session& session, const SendRequest& request) {
  invitation_settings(session);
  if (session.options().dry_run) return run_dry(session, request);
  check_fields(session.options().output, welcome_kind);
  if (request.when == SendWhen::now) require_mail(session);
  const auto agreed = confirm_selection(session, request);

  Store& store = session.writing_store();
  auto operation = session.begin_operation(store);
  const SendPlan plan = request.plan(store);
  check_agreed(plan, agreed);
  Refusals refusals(session, plan.lines.size() + plan.unknown.size());
  const auto mails =
      invite_all(*operation, session, tell_and_choose(session, request, plan, refusals), request.link, request.message);
  if (!mails.empty()) session.commit(*operation);
  operation.reset();
  if (mails.empty()) {
    session.note(tr_n("{} contact was looked at: no mail is to be sent",
                      "{} contacts were looked at: no mail is to be sent", plan.lines.size(), plan.lines.size()),
                 tr("the same with --dry-run says why"));
  }
  const SendingOutcome sending = request.when == SendWhen::now ? deliver_now(session, mails) : SendingOutcome{};
  print_mails(session, mails);
  if (!refusals.any()) return sending.conclude(session);
  if (!sending.summary.empty()) session.warn(sending.summary);
  if (sending.failure) session.warn(sending.failure->what(), sending.failure->hint());
  return ExitCode::partial;
}

}  // namespace kundehub::cli
