#include "core/welcome/invitation.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "tests/support/records.hpp"

using namespace kundehub;
using namespace kundehub::test;

namespace {

struct Invited : Records {
  Invited() {
    anna = add_contact(add_business(), "Anna Berg <anna@example.dk>");
    mail = invite(anna);
  }

  /// As if the mail had gone out and its link were valid for 7 days.
  void deliver() {
    sql("UPDATE welcome SET state = 'sent', due_at = NULL, sent_at = " + seconds(now) +
        ", changed_at = " + seconds(now) + ", link_expires_at = " + seconds(now + std::chrono::days(7)) +
        ", link_out_until = " + seconds(now + std::chrono::days(7)) + " WHERE state = 'queued'");
  }

  static std::string seconds(Time time) { return std::to_string(time.time_since_epoch().count()); }

  std::string links() {
    return value(
        "SELECT group_concat(generation || ':' || coalesce(ended_by, iif(used_at IS NULL, 'live', 'used')), ' ')"
        " FROM login_link");
  }

  ContactId anna;
  WelcomeId mail;
};

std::string refusal(Records& records, ContactId contact, LinkPolicy policy = LinkPolicy::keep,
                    ErrorKind kind = ErrorKind::conflict) {
  try {
    records.invite(contact, policy);
  } catch (const Error& error) {
    CHECK(error.kind() == kind);
    return error.what() + (" / " + error.hint());
  }
  return "accepted";
}

}  // namespace

TEST_CASE("an invitation freezes address, language, template, Message-ID and link, and keeps no token") {
  Invited records;
  const Welcome welcome = records.welcome(records.mail);
  CHECK(welcome.state == WelcomeState::queued);
  CHECK(welcome.address == "anna@example.dk");
  CHECK(welcome.language == Language::da);
  CHECK(welcome.generation == 1);
  CHECK(welcome.due_at == records.now);
  CHECK(welcome.message_id.starts_with("kundehub."));
  CHECK(welcome.message_id.ends_with("@example.dk"));
  CHECK(welcome.message_id.size() == std::string("kundehub.@example.dk").size() + 32);
  CHECK(welcome.template_hash.size() == 16);
  CHECK(records.links() == "1:live");
  const auto link = records.begin(OperationMode::dry_run)->live_link(records.anna);
  REQUIRE(link);
  CHECK(link->token_hash == token_hash(records.key.token(records.anna, 1, link->nonce)));
  CHECK_FALSE(link->valid_until);
}

TEST_CASE("a mail that waits already is made due at once and stays the same mail") {
  Invited records;
  const std::string message_id = records.welcome(records.mail).message_id;
  records.sql("UPDATE welcome SET state = 'deferred', due_at = due_at + 9999, tries = 3");
  records.now += std::chrono::minutes(1);
  CHECK(records.invite(records.anna) == records.mail);
  const Welcome welcome = records.welcome(records.mail);
  CHECK(welcome.state == WelcomeState::queued);
  CHECK(welcome.due_at == records.now);
  CHECK(welcome.message_id == message_id);
  CHECK(welcome.tries == 3);
  CHECK(records.links() == "1:live");
}

TEST_CASE("a resend carries the link that is out, unless a new one is asked for") {
  Invited records;
  records.deliver();
  const WelcomeId second = records.invite(records.anna);
  CHECK(records.welcome(second).generation == 1);
  CHECK(records.links() == "1:live");
  records.deliver();
  const WelcomeId third = records.invite(records.anna, LinkPolicy::rotate);
  CHECK(records.welcome(third).generation == 2);
  CHECK(records.links() == "1:rotated 2:live");
}

TEST_CASE("a new link takes the waiting mail with the old one out of the queue") {
  Invited records;
  const WelcomeId second = records.invite(records.anna, LinkPolicy::rotate);
  CHECK(second != records.mail);
  CHECK(records.welcome(records.mail).state == WelcomeState::cancelled);
  CHECK(records.welcome(second).state == WelcomeState::queued);
  CHECK(records.links() == "1:rotated 2:live");
}

TEST_CASE("a link that no longer works is renewed whatever is asked for") {
  Invited records;
  records.deliver();
  SUBCASE("expired") {
    records.now += std::chrono::days(7);
    CHECK(records.welcome(records.invite(records.anna)).generation == 2);
    CHECK(records.links() == "1:expired 2:live");
  }
  SUBCASE("used") {
    records.sql("UPDATE login_link SET used_at = created_at + 60");
    CHECK(records.welcome(records.invite(records.anna)).generation == 2);
    CHECK(records.links() == "1:used 2:live");
  }
  SUBCASE("revoked") {
    records.sql("UPDATE login_link SET ended_at = created_at, ended_by = 'revoked'");
    CHECK(records.welcome(records.invite(records.anna)).generation == 2);
    CHECK(records.links() == "1:revoked 2:live");
  }
  SUBCASE("made with another key") {
    records.key = LinkKey::generate();
    CHECK(records.welcome(records.invite(records.anna)).generation == 2);
    CHECK(records.links() == "1:rotated 2:live");
  }
  SUBCASE("sent to another address") {
    records.sql("UPDATE login_link SET address = 'old@example.dk', email_key = 'old@example.dk'");
    CHECK(records.welcome(records.invite(records.anna)).generation == 2);
  }
}

TEST_CASE("a link is kept up to its last second") {
  Invited records;
  records.deliver();
  records.now += std::chrono::days(7) - Seconds(1);
  CHECK(records.welcome(records.invite(records.anna)).generation == 1);
}

TEST_CASE("a mail that is just being sent cannot get another link") {
  Invited records;
  records.sql("UPDATE welcome SET state = 'sending', phase = 2, due_at = NULL, link_expires_at = " +
              Invited::seconds(records.now + std::chrono::days(7)));
  CHECK(refusal(records, records.anna, LinkPolicy::rotate, ErrorKind::temporary) ==
        "the welcome mail to contact:1 (Anna Berg <anna@example.dk>) is just being sent / try again in a minute");
  CHECK(records.links() == "1:live");
  CHECK(records.invite(records.anna, LinkPolicy::keep) == records.mail);
  CHECK(records.welcome(records.mail).state == WelcomeState::sending);
}

TEST_CASE("R6: no mail can be queued for whom it may not reach, and the refusal names the remedy") {
  Records records;
  const CustomerId customer = records.add_business();
  const ContactId anna = records.add_contact(customer, "Anna Berg <anna@example.dk>");
  const std::string start = "no welcome mail can go to contact:1 (Anna Berg <anna@example.dk>), so nothing was saved: ";
  records.sql("UPDATE customer SET hub = 0");
  CHECK(refusal(records, anna) == start + "the customer's HUB switch is off / kundehub hub grant 1001");
  records.sql("UPDATE customer SET hub = 1");
  records.sql("UPDATE contact SET hub = 0");
  CHECK(refusal(records, anna) ==
        start + "the contact's HUB switch is off / kundehub hub grant 1001 --contact contact:1");
  records.sql("UPDATE contact SET hub = 1");
  records.sql("UPDATE customer SET archived_at = 1");
  CHECK(refusal(records, anna) == start + "the customer is archived / kundehub customer unarchive 1001");
  CHECK(records.value("SELECT count(*) FROM welcome") == "0");
  CHECK(records.value("SELECT count(*) FROM login_link") == "0");
}
