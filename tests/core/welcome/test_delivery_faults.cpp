#include <string>

#include <doctest/doctest.h>

#include "tests/support/file_queue.hpp"

using namespace kundehub;
using namespace kundehub::test;
using mail::BeforeFinalDot;
using mail::Message;
using mail::Outcome;
using mail::SendResult;

namespace {

/// What another process does to the database of `queue`.
void elsewhere(FileQueue& queue, const std::string& sql) {
  Records(queue.folder.path() / "kundehub.db").sql(sql);
}

constexpr const char* cancel_all = "UPDATE welcome SET state = 'cancelled', phase = NULL, due_at = NULL";
constexpr const char* revoke_all = "UPDATE login_link SET ended_at = 1, ended_by = 'revoked'";

}  // namespace

TEST_CASE("a mail that is cancelled between claim and dot never gets its dot") {
  FileQueue queue(1);
  queue.server.answer([&](const Message& message, const BeforeFinalDot& before_final_dot) {
    elsewhere(queue, cancel_all);
    return accept(message, before_final_dot);
  });
  const DeliveryReport report = queue.run();
  CHECK(report.count(WelcomeState::cancelled) == 1);
  CHECK(queue.states() == "cancelled");
  CHECK(queue.server.received().empty());
}

TEST_CASE("R13: a mail whose link is revoked between claim and dot never gets its dot") {
  FileQueue queue(1);
  queue.server.answer([&](const Message& message, const BeforeFinalDot& before_final_dot) {
    elsewhere(queue, revoke_all);
    return accept(message, before_final_dot);
  });
  CHECK(queue.run().count(WelcomeState::cancelled) == 1);
  CHECK(queue.states() == "cancelled");
  CHECK(queue.server.received().empty());
}

TEST_CASE("R13: the server's 250 stands though the link was revoked behind the dot; no other end is tried again") {
  FileQueue queue(1);
  SUBCASE("accepted") {
    queue.server.answer([&](const Message& message, const BeforeFinalDot& before_final_dot) {
      const SendResult result = accept(message, before_final_dot);
      elsewhere(queue, revoke_all);
      return result;
    });
    CHECK(queue.run().count(WelcomeState::sent) == 1);
    CHECK(queue.states() == "sent");
    CHECK_FALSE(queue.records.contact(ContactId{1}).way_in.valid_until);
  }
  SUBCASE("uncertain") {
    queue.server.answer([&](const Message&, const BeforeFinalDot& before_final_dot) {
      CHECK(before_final_dot());
      elsewhere(queue, revoke_all);
      return result_of(Outcome::uncertain, "connection lost");
    });
    CHECK(queue.run().count(WelcomeState::uncertain) == 1);
    CHECK(queue.states() == "uncertain");  // it may have arrived …
    queue.records.now += std::chrono::days(1);
    CHECK(queue.run().count(WelcomeState::sent) == 0);  // … but a new try would carry a dead link
    CHECK(queue.server.tries == 1);
  }
}

TEST_CASE("with another key than the queued links were made with nothing is sent, and the run ends") {
  FileQueue queue(2);
  const LinkKey right = queue.records.key;
  queue.records.key = LinkKey::generate();
  const DeliveryReport report = queue.run();
  REQUIRE(report.stop);
  CHECK(report.stop->kind == ErrorKind::config);
  CHECK(report.stop->reason.find("link key") != std::string::npos);
  CHECK(queue.server.tries == 0);
  CHECK(queue.states() == "queued queued");
  queue.records.key = right;
  CHECK(queue.run().count(WelcomeState::sent) == 2);
}

TEST_CASE("a mail that waited until its link had expired gets a new one") {
  FileQueue queue(1);
  queue.run();
  const WelcomeId again = queue.records.invite(ContactId{1});
  queue.records.now += std::chrono::days(7);
  CHECK(queue.run().count(WelcomeState::sent) == 1);
  CHECK(queue.records.welcome(again).generation == 2);
  CHECK(queue.records.value("SELECT group_concat(coalesce(ended_by, 'live'), ' ') FROM login_link") == "expired live");
  CHECK(queue.records.contact(ContactId{1}).way_in.valid_until == queue.records.now + std::chrono::days(7));
  const auto received = queue.server.received();
  REQUIRE(received.size() == 2);
  CHECK(received[0].text.substr(received[0].text.find("token="), 49) !=
        received[1].text.substr(received[1].text.find("token="), 49));
}

TEST_CASE("what is reported is durable: another process sees it") {
  FileQueue queue(3);
  int seen = 0;
  queue.progress = [&](const DeliveredMail& mail) {
    Records other(queue.folder.path() / "kundehub.db");
    seen += other.welcome(mail.welcome).state == WelcomeState::sent ? 1 : 0;
  };
  CHECK(queue.run().count(WelcomeState::sent) == 3);
  CHECK(seen == 3);
}

TEST_CASE("what a dead run left behind is put right by the next") {
  FileQueue queue(2);
  const std::string expiry = std::to_string((queue.records.now + std::chrono::days(7)).time_since_epoch().count());
  queue.records.sql("UPDATE welcome SET state = 'sending', phase = id, due_at = NULL, tries = 1, link_expires_at = " +
                    expiry);
  const DeliveryReport report = queue.run();
  CHECK(report.count(WelcomeState::sent) == 1);
  CHECK(queue.states() == "sent uncertain");
  const Welcome uncertain = queue.records.welcome(queue.mails[1]);
  CHECK(uncertain.reply == "the delivery run ended before the answer to the final dot");
  CHECK(uncertain.due_at == queue.records.now + std::chrono::minutes(30));
  CHECK(queue.records.contact(ContactId{2}).way_in.valid_until == queue.records.now + std::chrono::days(7));
}

TEST_CASE("a record that cannot be written ends the run loudly, and the mail is uncertain in the next") {
  FileQueue queue(2);
  queue.records.sql("CREATE TRIGGER full BEFORE INSERT ON welcome_try BEGIN SELECT raise(ABORT, 'disk full'); END");
  const DeliveryReport report = queue.run();
  REQUIRE(report.stop);
  REQUIRE(report.unrecorded.size() == 1);
  CHECK(report.unrecorded[0].welcome == queue.mails[0]);
  CHECK(report.unrecorded[0].reply == "250 2.0.0 queued as 4711");
  CHECK(report.count(WelcomeState::sent) == 0);
  CHECK(queue.server.received().size() == 1);
  CHECK(queue.states().starts_with("sending "));
  queue.records.sql("DROP TRIGGER full");
  queue.run();
  CHECK(queue.states() == "uncertain sent");
}

TEST_CASE("if it cannot be noted that the dot goes out, the dot stays back") {
  FileQueue queue(1);
  queue.records.sql(
      "CREATE TRIGGER full BEFORE UPDATE ON welcome WHEN new.phase = 2 BEGIN SELECT raise(ABORT, 'disk full'); END");
  const DeliveryReport report = queue.run();
  CHECK(report.stop);
  CHECK(report.unrecorded.empty());
  CHECK(queue.server.received().empty());
  CHECK(queue.states() == "queued");
  queue.records.sql("DROP TRIGGER full");
  CHECK(queue.run().count(WelcomeState::sent) == 1);
}

TEST_CASE("a mail whose dot was let go is told as uncertain if its end cannot be recorded, whatever the end was") {
  FileQueue queue(1);
  queue.records.sql("CREATE TRIGGER full BEFORE INSERT ON welcome_try BEGIN SELECT raise(ABORT, 'disk full'); END");
  bool let_go = true;
  queue.server.answer([&](const Message&, const BeforeFinalDot& before_final_dot) {
    if (let_go) CHECK(before_final_dot());
    SendResult result = result_of(Outcome::our_fault, "no room");
    result.retry_later = true;
    return result;
  });
  SUBCASE("let go") {
    const DeliveryReport report = queue.run();
    REQUIRE(report.unrecorded.size() == 1);
    CHECK(report.unrecorded[0].state == WelcomeState::uncertain);
    queue.records.sql("DROP TRIGGER full");
    queue.server.answer(accept);
    queue.run();
    CHECK(queue.states() == "uncertain");
  }
  SUBCASE("kept back") {
    let_go = false;
    CHECK(queue.run().unrecorded.empty());
    queue.records.sql("DROP TRIGGER full");
    queue.server.answer(accept);
    CHECK(queue.run().count(WelcomeState::sent) == 1);
  }
}

TEST_CASE("an expired link is not renewed for a mail that is no longer wanted") {
  FileQueue queue(1);
  queue.run();
  queue.records.sql("UPDATE welcome SET state = 'sending', phase = 1, due_at = NULL");
  queue.records.sql(revoke_all);
  WelcomeQueue& rows = queue.records.store->welcome_queue();
  LoginLink link{.contact = ContactId{1}, .generation = 2, .address = "x@example.dk", .valid_until = std::nullopt};
  bool renewed = true;
  rows.in_group([&] { renewed = rows.renew_link(queue.mails[0], link, queue.records.now); });
  CHECK_FALSE(renewed);
  CHECK(queue.records.value("SELECT count(*) FROM login_link") == "1");
}
