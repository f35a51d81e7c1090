#include "cli/welcome/sending.hpp"

#include <set>

#include <fmt/format.h>

#include "core/model/access.hpp"
#include "core/welcome/welcome_message.hpp"

namespace kundehub::cli {
namespace {

constexpr std::chrono::seconds wait_for_other_delivery{10};

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

}  // namespace

void add_welcome_toggle(CLI::App& app, Toggle& toggle) {
  add_toggle(app, "welcome", toggle, "send the welcome mail now", "do not send it, and do not ask");
}

bool wants_welcome(Session& session, const Toggle& toggle, HubSwitch access, const std::string& question) {
  if (const auto answer = toggle.value()) return *answer;
  if (access == HubSwitch::off || !session.may_ask() || session.options().dry_run) return false;
  if (!mail_is_set_up(session)) {
    session.note("no welcome mail can be sent yet: see kundehub config set mail.transport, mail.from and hub.url");
    return false;
  }
  return session.ask_yes(question);
}

void require_mail(Session& session) {
  check_mail_settings(session.config());
  session.key();
  session.connect();
}

InvitationSettings invitation_settings(Session& session) {
  check_mail_settings(session.config());
  return {session.key(), mail_domain(session.config())};
}

std::vector<WelcomeId> invite_all(Operation& operation, Session& session, const std::vector<ContactOverview>& contacts,
                                  LinkPolicy policy) {
  const InvitationSettings settings = invitation_settings(session);
  std::vector<WelcomeId> mails;
  std::set<std::string> without_modules;
  for (const ContactOverview& contact : contacts) {
    mails.push_back(invite(operation, contact, policy, settings));
    if (contact.modules.empty()) without_modules.insert(contact.customer_number.text());
  }
  for (const std::string& number : without_modules) {
    session.warn(fmt::format("customer {} has no module switched on: the HUB will look empty", number),
                 fmt::format("kundehub hub grant {} --all-modules", number));
  }
  return mails;
}

void tell_of_new_address(Session& session, const ContactOverview& before, const ContactOverview& after) {
  if (before.sends == 0 || before.contact.data.email == after.contact.data.email || !after.contact.data.email) return;
  session.note(fmt::format("the link sent to the old address no longer works; {} needs a welcome mail of its own",
                           after.contact.data.email->text()),
               fmt::format("kundehub welcome send contact:{}", after.contact.id.value));
}

SendingOutcome deliver_now(Session& session, const std::vector<WelcomeId>& mails) {
  if (mails.empty() || session.options().dry_run) return {};
  const auto lease = session.store().try_delivery_lease(wait_for_other_delivery);
  if (!lease) session.warn("another delivery is running", "kundehub welcome deliver");
  DeliveryRunOptions options;
  options.only = mails;
  const auto stop = lease ? run_delivery(session, *lease, options).stop : std::nullopt;
  return judge_delivery(count_states(session, mails), stop);
}

ExitCode deliver_for_change(Session& session, const std::vector<WelcomeId>& mails) {
  SendingOutcome outcome;
  try {
    outcome = deliver_now(session, mails);
  } catch (const Error& error) {
    session.warn(error.what(), error.hint());
    outcome.code = ExitCode::partial;
  }
  if (outcome.code != ExitCode::ok)
    session.warn("the change is saved, its mail has not left", "kundehub welcome status");
  return outcome.code;
}

}  // namespace kundehub::cli
