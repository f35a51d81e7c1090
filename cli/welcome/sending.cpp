#include "cli/welcome/sending.hpp"

#include <set>

#include <fmt/format.h>

#include "cli/welcome/delivery_run.hpp"
#include "core/model/access.hpp"
#include "core/welcome/welcome_message.hpp"

namespace kundehub::cli {
namespace {

constexpr std::chrono::seconds wait_for_other_delivery{10};

bool mail_is_set_up(Session& session) {
  const Config& config = session.config();
  return !config.hub.url.empty() && !config.mail.transport.empty() && !config.mail.from.empty();
}

ExitCode left_in_queue(Session& session, std::size_t mails, SendingFor purpose) {
  session.warn(
      fmt::format("{} in the queue: another delivery is running", mails == 1 ? "the mail waits" : "the mails wait"));
  session.hint("kundehub welcome deliver");
  return purpose == SendingFor::change ? ExitCode::partial : ExitCode::temporary;
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
    session.warn(fmt::format("customer {} has no module switched on: the HUB will look empty", number));
    session.hint(fmt::format("kundehub hub grant {} --module MODULE", number));
  }
  return mails;
}

void tell_of_new_address(Session& session, const ContactOverview& before, const ContactOverview& after) {
  if (before.sends == 0 || before.contact.data.email == after.contact.data.email || !after.contact.data.email) return;
  session.note(fmt::format("the link sent to the old address no longer works; {} needs a welcome mail of its own",
                           after.contact.data.email->text()));
  session.hint(fmt::format("kundehub welcome send {}", fmt::format("contact:{}", after.contact.id.value)));
}

ExitCode deliver_now(Session& session, const std::vector<WelcomeId>& mails, SendingFor purpose) {
  if (mails.empty() || session.options().dry_run) return ExitCode::ok;
  const auto lease = session.store().try_delivery_lease(wait_for_other_delivery);
  if (!lease) return left_in_queue(session, mails.size(), purpose);
  DeliveryRunOptions options;
  options.only = mails;
  const DeliveryReport report = run_delivery(session, *lease, options);
  if (purpose == SendingFor::change) {
    return report.count(WelcomeState::sent) == static_cast<int>(mails.size()) ? ExitCode::ok : ExitCode::partial;
  }
  return delivery_exit_code(report, static_cast<int>(mails.size()));
}

}  // namespace kundehub::cli
