#include "core/welcome/send_plan.hpp"

#include <fmt/format.h>

#include "core/model/access.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

PlannedSend skip(const ContactOverview& contact, std::string reason, std::string text, std::string remedy = {}) {
  return {contact, SendDecision::skip, std::move(reason), std::move(text), std::move(remedy)};
}

/// The line for a contact that R6 keeps from getting a mail; absent if it may. A switch that is off was turned off on
/// purpose, so with a whole customer, or a selection, it is no failure.
std::optional<PlannedSend> plan_refusal(const ContactOverview& contact, TargetKind target) {
  const auto refusal = welcome_refusal(contact);
  if (!refusal) return std::nullopt;
  const bool own_switch = refusal->reason == "contact_hub_off";
  const bool expected = target == TargetKind::selection || (target == TargetKind::customer && own_switch);
  return PlannedSend{contact, expected ? SendDecision::skip : SendDecision::refuse, refusal->reason, refusal->text,
                     refusal->remedy};
}

std::string resend_command(const ContactOverview& contact) {
  return fmt::format("kundehub welcome resend contact:{}", contact.contact.id.value);
}

std::string last_sent(const ContactOverview& contact) {
  return contact.last_sent_at ? tr(" on {}", format_local(*contact.last_sent_at)) : std::string();
}

/// A mail that may have arrived is no reason for another one, and no proof of the first.
std::optional<PlannedSend> plan_uncertain(const ContactOverview& contact) {
  if (contact.welcome != WelcomeState::uncertain) return std::nullopt;
  return skip(contact, "uncertain", tr("may have got a mail{}: the server's answer is missing", last_sent(contact)),
              resend_command(contact));
}

}  // namespace

std::string_view to_string(SendDecision decision) {
  return decision == SendDecision::send ? "send" : decision == SendDecision::skip ? "skip" : "refuse";
}

PlannedSend plan_send(const ContactOverview& contact, TargetKind target) {
  if (auto refused = plan_refusal(contact, target)) return *refused;
  if (auto uncertain = plan_uncertain(contact)) return *uncertain;
  const bool selected = target == TargetKind::selection;
  if (contact.bounced_at && contact.welcome == WelcomeState::bounced) {
    return skip(contact, "bounced", tr("the last mail bounced: is the address right?"), resend_command(contact));
  }
  if (selected && is_pending(contact.welcome)) {
    return skip(contact, "already_queued", tr("has a mail in the queue already"), "kundehub welcome deliver");
  }
  // A link that was ended, as by a revoke, lets nobody in: who is to have access again needs a new mail (R5).
  const bool link_ended = contact.sends > 0 && !contact.way_in.used_at && !contact.way_in.valid_until;
  if (link_ended && selected) {
    return skip(contact, "link_ended", tr("got a mail{}, whose link has ended", last_sent(contact)),
                fmt::format("kundehub welcome send contact:{}", contact.contact.id.value));
  }
  if (contact.sends > 0 && !link_ended) {
    return skip(contact, "already_sent", tr("got a mail already{}", last_sent(contact)), resend_command(contact));
  }
  if (selected && contact.welcome == WelcomeState::failed) {
    return skip(contact, "failed", tr("the last mail has failed for good"), resend_command(contact));
  }
  if (link_ended) return {contact, SendDecision::send, "link_ended", tr("the link that was sent has ended"), ""};
  return {contact, SendDecision::send, "never_sent", tr("never got a mail"), ""};
}

PlannedSend plan_resend(const ContactOverview& contact, TargetKind target) {
  if (auto refused = plan_refusal(contact, target)) return *refused;
  return {contact, SendDecision::send, "asked_for",
          contact.sends > 0 ? tr("last mail{}", last_sent(contact)) : tr("never got a mail"), ""};
}

PlannedSend plan_unused(const ContactOverview& contact, const ResendPolicy& policy, Time now) {
  if (auto refused = plan_refusal(contact, TargetKind::selection)) return *refused;
  if (contact.welcome == WelcomeState::used || contact.way_in.used_at)
    return skip(contact, "used", tr("has used the link"));
  if (contact.bounced_at)
    return skip(contact, "bounced", tr("the last mail bounced: is the address right?"), resend_command(contact));
  if (auto uncertain = plan_uncertain(contact)) return *uncertain;
  if (is_pending(contact.welcome))
    return skip(contact, "already_queued", tr("has a mail in the queue already"), "kundehub welcome deliver");
  if (contact.sends == 0 || !contact.last_sent_at) {
    return skip(contact, "never_sent", tr("never got a mail"),
                fmt::format("kundehub welcome send contact:{}", contact.contact.id.value));
  }
  if (contact.welcome != WelcomeState::sent && contact.welcome != WelcomeState::expired) {
    return skip(contact, std::string(to_string(contact.welcome)), tr("the last mail is {}", to_string(contact.welcome)),
                resend_command(contact));
  }
  if (contact.sends >= policy.max_sends) {
    return skip(contact, "max_sends", tr("got {} mails already", contact.sends), resend_command(contact));
  }
  const Seconds age = now - *contact.last_sent_at;
  if (age < policy.older_than || age < policy.min_gap) {
    return skip(contact, "too_soon", tr("got a mail{}", last_sent(contact)), resend_command(contact));
  }
  if (policy.sent_since && *contact.last_sent_at < *policy.sent_since) {
    return skip(contact, "sent_before", tr("got the last mail{}", last_sent(contact)), resend_command(contact));
  }
  return {contact, SendDecision::send, "unused", tr("got a mail{} and has not used it", last_sent(contact)), ""};
}

}  // namespace kundehub
