#include "cli/welcome/plan_run.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/records.hpp"
#include "cli/refusals.hpp"
#include "cli/welcome/sending.hpp"
#include "core/model/access.hpp"
#include "core/text/terminal.hpp"

namespace kundehub::cli {
namespace {

std::size_t count(const std::vector<PlannedSend>& plan, SendDecision decision) {
  return static_cast<std::size_t>(std::count_if(
      plan.begin(), plan.end(), [&](const PlannedSend& planned) { return planned.decision == decision; }));
}

/// The prompt, before the turn to write is taken: nobody waits for an answer. False if there is nothing to ask about.
void confirm_selection(Session& session, const SendRequest& request) {
  if (!request.selected || session.options().dry_run) return;
  const std::size_t mails = count(request.plan(session.store()), SendDecision::send);
  if (mails == 0) return;
  session.confirm(fmt::format("Send {} welcome mail{}?", mails, mails == 1 ? "" : "s"));
}

void print_plan(Session& session, const std::vector<Record>& plan) {
  RecordWriter writer(session.out(), session.options().output, plan_kind, RecordWriter::Shape::many);
  for (const Record& planned : plan) writer.add(planned);
  writer.finish();
}

/// What became of the mails, as `welcome status` shows them.
void print_mails(Session& session, const std::vector<WelcomeId>& mails) {
  RecordWriter writer(session.out(), session.options().output, welcome_kind, RecordWriter::Shape::many);
  Store& store = session.store();
  for (const WelcomeId id : mails) {
    const auto welcome = store.welcome(id, session.now());
    const auto contact = welcome && welcome->contact ? store.contact(*welcome->contact, session.now()) : std::nullopt;
    if (contact) writer.add(welcome_record(*contact, *welcome));
  }
  writer.finish();
}

Record planned_record(Operation& operation, Session& session, const PlannedSend& planned, LinkPolicy policy) {
  Record record = to_record(planned);
  if (planned.decision != SendDecision::send) return record;
  const LinkFate fate = link_fate(operation, planned.contact, policy, session.key());
  record["link"] = fate == LinkFate::kept ? "kept" : "new";
  record["link_expires_at"] = time_value(session.now() + session.config().hub.link_ttl);
  return record;
}

void tell(Session& session, const PlannedSend& planned, Refusals& refusals) {
  const std::string text = fmt::format("{}: {}", describe(planned.contact), planned.text);
  if (planned.decision == SendDecision::refuse) {
    refusals.refuse(Error(ErrorKind::conflict, fmt::format("no welcome mail can go to {}", text), planned.remedy));
  } else if (planned.decision == SendDecision::skip) {
    session.note(fmt::format("skipped {}", text));
    if (!planned.remedy.empty() && !session.options().quiet) session.hint(planned.remedy);
  }
}

}  // namespace

LinkPolicy parse_link_policy(const std::string& text) {
  if (text == "keep") return LinkPolicy::keep;
  if (text == "rotate") return LinkPolicy::rotate;
  throw Error(ErrorKind::usage, fmt::format("--link takes keep or rotate, not {}", text::quoted(text)));
}

ExitCode run_plan(Session& session, const SendRequest& request) {
  invitation_settings(session);
  if (request.when == SendWhen::now && !session.options().dry_run) require_mail(session);
  confirm_selection(session, request);

  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const auto plan = request.plan(store);
  const std::size_t wanted = count(plan, SendDecision::send) + count(plan, SendDecision::refuse);
  Refusals refusals(session, session.options().dry_run ? plan.size() + 1 : wanted);
  std::vector<Record> records;
  std::vector<ContactOverview> contacts;
  for (const PlannedSend& planned : plan) {
    if (session.options().dry_run) {
      records.push_back(planned_record(*operation, session, planned, request.link));
    } else if (!request.selected || planned.decision == SendDecision::refuse) {
      tell(session, planned, refusals);
    }
    if (planned.decision == SendDecision::send) contacts.push_back(planned.contact);
  }
  const auto mails = invite_all(*operation, session, contacts, request.link);
  operation->commit();
  if (session.options().dry_run) {
    print_plan(session, records);
    session.note(fmt::format("dry run: {} of {} contacts would get a mail", contacts.size(), plan.size()));
    return ExitCode::ok;
  }
  const ExitCode sending =
      request.when == SendWhen::now ? deliver_now(session, mails, SendingFor::mails) : ExitCode::ok;
  print_mails(session, mails);
  return refusals.exit_code(sending);
}

}  // namespace kundehub::cli
