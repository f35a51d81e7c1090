#include "cli/welcome/sending.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cli/records.hpp"
#include "cli/welcome/stop_signals.hpp"
#include "core/model/access.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/welcome_message.hpp"

namespace kundehub::cli {
namespace {

bool mail_is_set_up(Session& session) {
  const Config& config = session.config();
  return !config.hub.url.empty() && !config.mail.transport.empty() && !config.mail.from.empty();
}

/// Where the mails stand now: another delivery may have taken them first.
WelcomeCounts count_states(Session& session, const std::vector<WelcomeId>& mails) {
  WelcomeCounts counts{};
  for (const WelcomeId id : mails) {
    const auto welcome = session.store().welcome(id, session.now());
    ++counts.at(static_cast<std::size_t>(welcome ? welcome->state : WelcomeState::cancelled));
  }
  return counts;
}

/// An admin who has words of their own would not expect ours.
void warn_of_built_in_templates(Session& session, const std::vector<ContactOverview>& contacts) {
  std::set<std::string> names;
  for (const ContactOverview& contact : contacts) {
    for (std::string& name : session.templates().not_replaced(contact.language())) names.insert(std::move(name));
  }
  for (const std::string& name : names) {
    session.warn(tr("there is no {} of your own beside the other templates: the built-in one is used", name),
                 fmt::format("kundehub template edit {}", name));
  }
}

}  // namespace

void add_welcome_toggle(CLI::App& app, Toggle& toggle) {
  add_toggle(app, "welcome", toggle, "send the welcome mail now", translatable("do not send it, and do not ask"));
}

bool wants_welcome(Session& session, const Toggle& toggle, HubSwitch access, const std::string& question) {
  if (const auto answer = toggle.value()) return *answer;
  if (access == HubSwitch::off || !session.may_ask() || session.options().dry_run) return false;
  if (!mail_is_set_up(session)) {
    session.note(tr("no welcome mail can be sent yet: see kundehub config set mail.transport, mail.from and hub.url"));
    return false;
  }
  return session.ask_yes(question);
}

void require_mail(Session& session) {
  check_mail_settings(session.config());
  session.key();
  session.connect();
}

InvitationSettings invitation_settings(Session& session, const std::string& message) {
  check_mail_settings(session.config());
  return {session.key(), session.templates(), mail_domain(session.config()), message};
}

std::vector<WelcomeId> invite_all(Operation& operation, Session& session, const std::vector<ContactOverview>& contacts,
                                  LinkPolicy policy, const std::string& message) {
  const InvitationSettings settings = invitation_settings(session, message);
  std::vector<WelcomeId> mails;
  std::set<std::string> without_modules;
  for (const ContactOverview& contact : contacts) {
    mails.push_back(invite(operation, contact, policy, settings));
    if (contact.modules.empty()) {
      without_modules.insert(contact.customer_number.text());
    } else if (contact.usable_modules().empty()) {
      session.warn(tr("{} may use none of the modules that are on: the HUB will look empty", describe(contact)),
                   fmt::format("kundehub contact edit contact:{} --all-modules", contact.contact.id.value));
    }
  }
  warn_of_built_in_templates(session, contacts);
  for (const std::string& number : without_modules) {
    session.warn(tr("customer {} has no module switched on: the HUB will look empty", number),
                 fmt::format("kundehub hub grant {} --all-modules", number));
  }
  return mails;
}

Invitations& Invitations::operator+=(const Invitations& more) {
  links += more.links;
  mails += more.mails;
  return *this;
}

Invitations& Invitations::operator-=(const Invitations& less) {
  links -= less.links;
  mails -= less.mails;
  return *this;
}

Invitations count_invitations(const std::vector<ContactOverview>& contacts, Time now) {
  const auto has_link = [&](const ContactOverview& contact) {
    return !contact.way_in.used_at && contact.way_in.valid_until && *contact.way_in.valid_until > now;
  };
  // One that is just being sent may be out already: its delivery run tells what becomes of it.
  const auto waits = [](const ContactOverview& contact) {
    return is_pending(contact.welcome) && contact.welcome != WelcomeState::sending;
  };
  return {std::ranges::count_if(contacts, has_link), std::ranges::count_if(contacts, waits)};
}

Invitations lost_by(Session& session, Store& store, CustomerId customer, const std::function<void()>& step) {
  const auto present = [&] { return count_invitations(contacts_of(store, customer, session.now()), session.now()); };
  Invitations lost = present();
  step();
  if (lost.any()) lost -= present();
  return lost;
}

void tell_of_lost_invitations(Session& session, const Invitations& lost) {
  if (session.options().dry_run) return;
  if (lost.links > 0)
    session.note(tr_n("{} login link that had gone out no longer works",
                      "{} login links that had gone out no longer work", static_cast<std::size_t>(lost.links),
                      lost.links));
  if (lost.mails > 0)
    session.note(tr_n("{} welcome mail that waited is cancelled", "{} welcome mails that waited are cancelled",
                      static_cast<std::size_t>(lost.mails), lost.mails));
  if (lost.any()) session.note(tr("whoever is to get in again needs a new welcome mail"));
}

void tell_of_lost_invitations(Session& session, const std::vector<ContactOverview>& before,
                              const std::vector<ContactOverview>& after) {
  Invitations lost = count_invitations(before, session.now());
  tell_of_lost_invitations(session, lost -= count_invitations(after, session.now()));
}

void tell_of_new_address(Session& session, const ContactOverview& before, const ContactOverview& after) {
  const bool had_mail = before.sends > 0 || is_pending(before.welcome);
  if (!had_mail || before.contact.data.email == after.contact.data.email || !after.contact.data.email) return;
  if (session.options().dry_run || welcome_refusal(after)) return;
  session.note(tr("{} needs a welcome mail of its own", after.contact.data.email->text()),
               fmt::format("kundehub welcome send contact:{}", after.contact.id.value));
}

SendingOutcome deliver_now(Session& session, const std::vector<WelcomeId>& mails) {
  if (mails.empty() || session.options().dry_run || session.leaves_mails(mails)) return {};
  const StopSignals signals;
  const auto lease = wait_for_lease(session);
  DeliveryRunOptions options;
  options.only = mails;
  DeliveryReport report;
  if (lease) {
    report = run_delivery(session, *lease, options);
  } else if (const WelcomeCounts counts = count_states(session, mails);
             judge_delivery(counts, {}).code == ExitCode::ok) {
    return {};  // the other delivery has sent them meanwhile
  } else if (StopSignals::has_come()) {
    report.stop = DeliveryStop{ErrorKind::interrupted, tr("interrupted")};
  } else {
    report.stop = DeliveryStop{ErrorKind::temporary, tr("another delivery is running")};
  }
  const WelcomeCounts counts = count_states(session, mails);
  SendingOutcome outcome = judge_delivery(counts, report);
  if (mails.size() > 1) outcome.summary = tr("welcome mails: {}", describe_counts(counts));
  return outcome;
}

ExitCode deliver_for_change(Session& session, const std::vector<WelcomeId>& mails) {
  SendingOutcome outcome;
  try {
    outcome = deliver_now(session, mails);
  } catch (const Error& error) {
    session.warn(error.what(), error.hint());
    outcome.code = ExitCode::partial;
  } catch (const std::exception& error) {
    session.warn(error.what());
    outcome.code = ExitCode::partial;
  }
  if (outcome.code != ExitCode::ok) {
    const std::string saved = tr("the change is saved, but not every mail is known to have left");
    session.warn(saved, "kundehub welcome status");
    session.explain_partial(saved, "kundehub welcome status");
  }
  return outcome.code;
}

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

}  // namespace kundehub::cli
