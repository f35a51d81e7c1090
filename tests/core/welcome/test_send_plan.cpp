#include "core/welcome/send_plan.hpp"

#include <string>

#include <doctest/doctest.h>

#include "tests/support/sample_contact.hpp"

using namespace kundehub;
using namespace kundehub::test;
using std::chrono::days;
using std::chrono::hours;

namespace {

/// Anna, whose mail left so long ago and is in this state.
ContactOverview sent(Seconds ago, WelcomeState state = WelcomeState::sent, int sends = 1) {
  ContactOverview contact = sample_contact();
  contact.welcome = state;
  contact.sends = sends;
  contact.last_sent_at = test_time() - ago;
  contact.way_in.sent_at = contact.last_sent_at;
  if (state == WelcomeState::used) contact.way_in.used_at = contact.last_sent_at;
  if (state == WelcomeState::sent || state == WelcomeState::expired)
    contact.way_in.valid_until = *contact.last_sent_at + days(7);
  return contact;
}

std::string line(const PlannedSend& planned) {
  return std::string(to_string(planned.decision)) + ' ' + planned.reason;
}

std::string unused(const ContactOverview& contact, const ResendPolicy& policy = {}) {
  return line(plan_unused(contact, policy, test_time()));
}

constexpr TargetKind every_target[] = {TargetKind::contact, TargetKind::customer, TargetKind::selection};

}  // namespace

TEST_CASE("R7: welcome send is for whoever never got a mail") {
  for (const TargetKind target : every_target) {
    CHECK(line(plan_send(sample_contact(), target)) == "send never_sent");
    CHECK(line(plan_send(sent(days(1)), target)) == "skip already_sent");
    CHECK(line(plan_send(sent(days(99), WelcomeState::expired), target)) == "skip already_sent");
    CHECK(line(plan_send(sent(days(1), WelcomeState::used), target)) == "skip already_sent");
  }
  CHECK(plan_send(sent(days(1)), TargetKind::contact).remedy == "kundehub welcome resend contact:7");
}

TEST_CASE("R5: whose link was ended gets a new one when named, and is left alone by a selection") {
  ContactOverview revoked = sent(days(1));
  revoked.way_in = {};
  CHECK(line(plan_send(revoked, TargetKind::contact)) == "send link_ended");
  CHECK(line(plan_send(revoked, TargetKind::customer)) == "send link_ended");
  CHECK(line(plan_send(revoked, TargetKind::selection)) == "skip link_ended");
  CHECK(plan_send(revoked, TargetKind::selection).remedy == "kundehub welcome send contact:7");
}

TEST_CASE("R7: a mail that waits or failed is tried when it is named, and left alone by a selection") {
  for (const WelcomeState state : {WelcomeState::queued, WelcomeState::deferred, WelcomeState::sending}) {
    ContactOverview contact = sample_contact();
    contact.welcome = state;
    CHECK(line(plan_send(contact, TargetKind::contact)) == "send never_sent");
    CHECK(line(plan_send(contact, TargetKind::customer)) == "send never_sent");
    CHECK(line(plan_send(contact, TargetKind::selection)) == "skip already_queued");
  }
  ContactOverview failed = sample_contact();
  failed.welcome = WelcomeState::failed;
  CHECK(line(plan_send(failed, TargetKind::contact)) == "send never_sent");
  CHECK(line(plan_send(failed, TargetKind::selection)) == "skip failed");
  failed.welcome = WelcomeState::cancelled;
  CHECK(line(plan_send(failed, TargetKind::selection)) == "send never_sent");
}

TEST_CASE("a mail that may have arrived is not called one that did, and is not followed by another") {
  for (const TargetKind target : every_target) {
    const PlannedSend planned = plan_send(sent(days(1), WelcomeState::uncertain), target);
    CHECK(line(planned) == "skip uncertain");
    CHECK(planned.text.starts_with("may have got a mail"));
    CHECK(planned.remedy == "kundehub welcome resend contact:7");
  }
}

TEST_CASE("a bounced address is not written to again by itself") {
  ContactOverview contact = sent(days(9), WelcomeState::bounced);
  contact.bounced_at = test_time() - days(8);
  for (const TargetKind target : every_target) CHECK(line(plan_send(contact, target)) == "skip bounced");
  CHECK(unused(contact) == "skip bounced");
  CHECK(line(plan_resend(contact, TargetKind::contact)) == "send asked_for");
}

TEST_CASE("R6: a refusal is a failure for whom was asked for, and no more than a remark in a selection") {
  ContactOverview off = sample_contact();
  off.contact.data.hub = HubSwitch::off;
  CHECK(line(plan_send(off, TargetKind::contact)) == "refuse contact_hub_off");
  CHECK(line(plan_send(off, TargetKind::customer)) == "skip contact_hub_off");
  CHECK(line(plan_send(off, TargetKind::selection)) == "skip contact_hub_off");
  CHECK(line(plan_resend(off, TargetKind::customer)) == "skip contact_hub_off");
  CHECK(plan_send(off, TargetKind::contact).remedy == "kundehub hub grant 1042 --contact contact:7");
  ContactOverview no_email = sample_contact();
  no_email.contact.data.email.reset();
  CHECK(line(plan_send(no_email, TargetKind::contact)) == "refuse no_email");
  CHECK(line(plan_send(no_email, TargetKind::customer)) == "refuse no_email");
  CHECK(line(plan_send(no_email, TargetKind::selection)) == "skip no_email");
  ContactOverview customer_off = sample_contact();
  customer_off.customer_hub = HubSwitch::off;
  CHECK(line(plan_resend(customer_off, TargetKind::customer)) == "refuse customer_hub_off");
  CHECK(unused(customer_off) == "skip customer_hub_off");
}

TEST_CASE("R7: welcome resend writes to whoever is named") {
  for (const TargetKind target : {TargetKind::contact, TargetKind::customer}) {
    CHECK(line(plan_resend(sample_contact(), target)) == "send asked_for");
    CHECK(line(plan_resend(sent(Seconds(1)), target)) == "send asked_for");
    CHECK(line(plan_resend(sent(days(1), WelcomeState::used), target)) == "send asked_for");
  }
}

TEST_CASE("resend --unused takes who got a mail long enough ago and has not used it") {
  CHECK(unused(sent(days(3))) == "send unused");
  CHECK(unused(sent(days(30), WelcomeState::expired)) == "send unused");
  CHECK(unused(sent(days(3) - Seconds(1))) == "skip too_soon");
  CHECK(unused(sample_contact()) == "skip never_sent");
  CHECK(unused(sent(days(9), WelcomeState::used)) == "skip used");
  CHECK(unused(sent(days(9), WelcomeState::failed)) == "skip failed");
  CHECK(unused(sent(days(9), WelcomeState::cancelled)) == "skip cancelled");
  CHECK(unused(sent(days(9), WelcomeState::deferred)) == "skip already_queued");
  CHECK(unused(sent(days(9), WelcomeState::uncertain)) == "skip uncertain");
  ContactOverview once_in = sent(days(9));
  once_in.way_in.used_at = test_time() - days(20);
  CHECK(unused(once_in) == "skip used");
}

TEST_CASE("resend --unused keeps to its bounds") {
  CHECK(unused(sent(days(9), WelcomeState::sent, 2)) == "send unused");
  CHECK(unused(sent(days(9), WelcomeState::sent, 3)) == "skip max_sends");
  ResendPolicy policy{.older_than = Seconds(0), .min_gap = hours(24), .max_sends = 5, .sent_since = std::nullopt};
  CHECK(unused(sent(hours(24)), policy) == "send unused");
  CHECK(unused(sent(hours(24) - Seconds(1)), policy) == "skip too_soon");
  CHECK(unused(sent(days(9), WelcomeState::sent, 4), policy) == "send unused");
  policy.sent_since = test_time() - days(5);
  CHECK(unused(sent(days(5)), policy) == "send unused");
  CHECK(unused(sent(days(5) + Seconds(1)), policy) == "skip sent_before");
}
