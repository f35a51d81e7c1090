#include <atomic>
#include <set>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "core/welcome/delivery.hpp"
#include "tests/support/fake_mailer.hpp"
#include "tests/support/mail_fixture.hpp"
#include "tests/support/records.hpp"

using namespace kundehub;
using namespace kundehub::test;
using mail::BeforeFinalDot;
using mail::Message;
using mail::Outcome;
using mail::SendResult;

namespace {

/// A queue in a file, so that a test can be another process meanwhile.
struct FileQueue {
  explicit FileQueue(int contacts) : records(folder.path() / "kundehub.db") {
    config.hub.url = "https://hub.example.dk";
    config.mail.from = "hub@example.dk";
    config.mail.connections = 1;
    for (const ContactId id : records.add_contacts(contacts)) mails.push_back(records.invite(id));
  }

  DeliveryReport run() {
    const auto lease = records.store->try_delivery_lease(Seconds(0));
    return deliver(*records.store, *lease,
                   {.config = config,
                    .key = records.key,
                    .clock = [this] { return records.now; },
                    .only = only,
                    .limit = limit,
                    .max_failures = max_failures,
                    .interrupted = interrupted},
                   server.factory(), [this](const DeliveredMail& mail) { progress(mail); });
  }

  std::string states() {
    return records.value("SELECT group_concat(state, ' ') FROM (SELECT state FROM welcome ORDER BY id)");
  }

  mail_test::ScratchDirectory folder;
  Records records;
  Config config;
  FakeServer server;
  std::vector<WelcomeId> mails, only;
  std::optional<int> limit, max_failures;
  std::function<bool()> interrupted;
  std::function<void(const DeliveredMail&)> progress = [](const DeliveredMail&) {};
};

/// What another process does to the database of `queue`.
void elsewhere(FileQueue& queue, const std::string& sql) {
  Records(queue.folder.path() / "kundehub.db").sql(sql);
}

SendResult unreachable() {
  SendResult result = result_of(Outcome::deferred, "connection refused");
  result.no_connection = true;
  return result;
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

TEST_CASE("three connect failures in a row end the run; a reply in between starts the count anew") {
  FileQueue queue(9);
  int mail = 0;
  queue.server.answer([&](const Message& message, const BeforeFinalDot& before_final_dot) {
    return ++mail == 3 ? accept(message, before_final_dot) : unreachable();
  });
  const DeliveryReport report = queue.run();
  REQUIRE(report.stop);
  CHECK(report.stop->kind == ErrorKind::temporary);
  CHECK(report.stop->reason == "the mail server cannot be reached: connection refused");
  CHECK(queue.server.tries == 6);
  CHECK(queue.states() == "deferred deferred sent deferred deferred deferred queued queued queued");
}

TEST_CASE("the run ends after as many failures as the admin allows") {
  FileQueue queue(5);
  queue.max_failures = 2;
  queue.server.answer(result_of(Outcome::rejected, "550 no"));
  const DeliveryReport report = queue.run();
  CHECK(report.stop.value().reason == "2 mails did not leave");
  CHECK(queue.states() == "failed failed queued queued queued");
}

TEST_CASE("a limit bounds the tries, oldest mail first") {
  FileQueue queue(4);
  queue.limit = 3;
  const DeliveryReport report = queue.run();
  CHECK(report.count(WelcomeState::sent) == 3);
  CHECK_FALSE(report.stop);
  CHECK(queue.states() == "sent sent sent queued");
}

TEST_CASE("a run that is asked for certain mails sends no others") {
  FileQueue queue(4);
  queue.only = {queue.mails[1], queue.mails[3]};
  CHECK(queue.run().count(WelcomeState::sent) == 2);
  CHECK(queue.states() == "queued sent queued sent");
}

TEST_CASE("several connections share the work: each mail goes out once, each report comes alone") {
  FileQueue queue(24);
  queue.config.mail.connections = 4;
  std::atomic<int> inside = 0, together = 0;
  queue.server.answer([](const Message& message, const BeforeFinalDot& before_final_dot) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return accept(message, before_final_dot);
  });
  queue.progress = [&](const DeliveredMail&) {
    if (++inside > 1) ++together;
    std::this_thread::yield();
    --inside;
  };
  CHECK(queue.run().count(WelcomeState::sent) == 24);
  std::set<std::string> addresses;
  for (const Message& message : queue.server.received()) addresses.insert(message.to.address);
  CHECK(addresses.size() == 24);
  CHECK(queue.server.received().size() == 24);
  CHECK(queue.server.connections == 4);
  CHECK(together == 0);
}

TEST_CASE("no more connections are opened than there are mails") {
  FileQueue queue(2);
  queue.config.mail.connections = 16;
  CHECK(queue.run().count(WelcomeState::sent) == 2);
  CHECK(queue.server.connections <= 2);
  queue.server.connections = 0;
  CHECK(queue.run().count(WelcomeState::sent) == 0);
  CHECK(queue.server.connections == 0);
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

TEST_CASE("what a stopped run had claimed for its connections goes back untried") {
  FileQueue queue(9);
  queue.config.mail.connections = 3;
  queue.limit = 7;
  queue.max_failures = 1;
  queue.server.answer(result_of(Outcome::rejected, "550 no"));
  const int failed = queue.run().count(WelcomeState::failed);
  CHECK(failed >= 1);
  CHECK(failed <= 3);  // each connection had begun one
  CHECK(queue.records.value("SELECT count(*) FROM welcome WHERE state = 'queued' AND tries = 0 AND phase IS NULL") ==
        std::to_string(9 - failed));
  CHECK(queue.records.value("SELECT count(*) FROM welcome_try") == std::to_string(failed));
}

TEST_CASE("a terminal that stands still holds up no mail") {
  FileQueue queue(6);
  queue.config.mail.connections = 2;
  bool all = false;
  queue.progress = [&](const DeliveredMail&) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (queue.server.received().size() < 6 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    all = queue.server.received().size() == 6;
  };
  CHECK(queue.run().count(WelcomeState::sent) == 6);
  CHECK(all);
}

TEST_CASE("what hears of the mails and fails ends the run, and what was sent is recorded") {
  FileQueue queue(30);
  queue.server.answer([](const Message& message, const BeforeFinalDot& before_final_dot) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return accept(message, before_final_dot);
  });
  queue.progress = [](const DeliveredMail&) { throw Error(ErrorKind::no_output, "no room"); };
  CHECK_THROWS_WITH_AS(queue.run(), "no room", Error);
  const auto sent = queue.server.received().size();
  CHECK(sent < 30);
  CHECK(queue.records.value("SELECT count(*) FROM welcome WHERE state = 'sent'") == std::to_string(sent));
  CHECK(queue.records.value("SELECT count(*) FROM welcome WHERE state = 'queued'") == std::to_string(30 - sent));
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

TEST_CASE("once interrupted a run takes no further mail, and one whose dot has not gone returns to the queue") {
  FileQueue queue(3);
  std::atomic<bool> signal = false;
  queue.interrupted = [&] { return signal.load(); };
  queue.server.answer([&](const Message& message, const BeforeFinalDot& before_final_dot) {
    signal = queue.server.received().size() == 1;
    return accept(message, before_final_dot);
  });
  const DeliveryReport report = queue.run();
  REQUIRE(report.stop);
  CHECK(report.stop->kind == ErrorKind::interrupted);
  CHECK(queue.states() == "sent queued queued");
  CHECK(queue.records.welcome(queue.mails[1]).tries == 0);
}

TEST_CASE("a rate spreads the mails of all connections evenly") {
  FileQueue queue(5);
  queue.config.mail.connections = 4;
  queue.config.mail.rate = parse_rate("20/s");
  const auto start = std::chrono::steady_clock::now();
  CHECK(queue.run().count(WelcomeState::sent) == 5);
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(200));
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
