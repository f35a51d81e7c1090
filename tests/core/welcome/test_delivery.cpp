#include "core/welcome/delivery.hpp"

#include <string>

#include <doctest/doctest.h>

#include "tests/support/fake_mailer.hpp"
#include "tests/support/records.hpp"

using namespace kundehub;
using namespace kundehub::test;
using mail::BeforeFinalDot;
using mail::Message;
using mail::Outcome;
using mail::SendResult;
using std::chrono::minutes;

namespace {

struct Delivering : Records {
  explicit Delivering(int contacts = 1) {
    config.hub.url = "https://hub.example.dk";
    config.mail.from = "Eksempel <hub@example.dk>";
    config.mail.connections = 1;
    for (const ContactId id : add_contacts(contacts)) mails.push_back(invite(id));
  }

  DeliverySettings settings() {
    return {.config = config,
            .key = key,
            .templates = templates,
            .clock = [this] { return now; },
            .only = {},
            .limit = std::nullopt,
            .max_failures = std::nullopt};
  }

  DeliveryReport run() {
    const auto lease = store->try_delivery_lease(Seconds(0));
    return deliver(*store, *lease, settings(), server.factory(),
                   [this](const DeliveredMail& mail) { told.push_back(mail); });
  }

  Welcome mail() { return welcome(mails.front()); }
  std::string states() { return value("SELECT group_concat(state, ' ') FROM (SELECT state FROM welcome ORDER BY id)"); }
  std::string tries() {
    return value("SELECT group_concat(number || ' ' || outcome || ' ' || reply, '; ') FROM welcome_try");
  }

  Config config;
  FakeServer server;
  std::vector<WelcomeId> mails;
  std::vector<DeliveredMail> told;
};

/// Takes the dot, and the connection dies.
SendResult die_after_dot(const Message&, const BeforeFinalDot& before_final_dot) {
  CHECK(before_final_dot());
  return result_of(Outcome::uncertain, "no answer to the final dot");
}

}  // namespace

TEST_CASE("an accepted mail is sent, with the server's reply, and its link is out") {
  Delivering d;
  const DeliveryReport report = d.run();
  CHECK(report.count(WelcomeState::sent) == 1);
  CHECK_FALSE(report.stop);
  const Welcome mail = d.mail();
  CHECK(mail.state == WelcomeState::sent);
  CHECK(mail.reply == "250 2.0.0 queued as 4711");
  CHECK(mail.sent_at == d.now);
  CHECK(mail.tries == 1);
  CHECK_FALSE(mail.due_at);
  CHECK(mail.link_expires_at == d.now + std::chrono::days(7));
  CHECK(d.tries() == "1 accepted 250 2.0.0 queued as 4711");
  CHECK(d.contact(*mail.contact).way_in.valid_until == d.now + std::chrono::days(7));
  REQUIRE(d.told.size() == 1);
  CHECK(d.told[0].state == WelcomeState::sent);
  CHECK(d.run().count(WelcomeState::sent) == 0);
  CHECK(d.server.received().size() == 1);
}

TEST_CASE("the mail holds the contact's link and the frozen Message-ID") {
  Delivering d;
  d.run();
  const Message message = d.server.received().at(0);
  const auto link = d.begin(OperationMode::dry_run)->live_link(ContactId{1});
  REQUIRE(link);
  const std::string url = login_url("https://hub.example.dk", d.key.token(ContactId{1}, 1, link->nonce));
  CHECK(message.text.find(url) != std::string::npos);
  CHECK(message.html.find(url) != std::string::npos);
  CHECK(message.message_id == d.mail().message_id);
  CHECK(message.to.address == "p1@example.dk");
  CHECK(message.to.name == "Person Nr1");
  CHECK(message.from.address == "hub@example.dk");
  CHECK(message.date == d.now);
}

TEST_CASE("a deferred mail is tried again when it is due, as the same mail with the same link") {
  Delivering d;
  d.server.answer(result_of(Outcome::deferred, "451 4.7.1 greylisted"));
  const DeliveryReport report = d.run();
  CHECK(report.count(WelcomeState::deferred) == 1);
  const Welcome mail = d.mail();
  CHECK(mail.state == WelcomeState::deferred);
  CHECK(mail.tries == 1);
  REQUIRE(mail.due_at);
  CHECK(*mail.due_at >= d.now + minutes(4));
  CHECK(*mail.due_at <= d.now + minutes(6));
  CHECK_FALSE(d.contact(ContactId{1}).way_in.valid_until);
  CHECK(d.run().count(WelcomeState::deferred) == 0);  // not due
  d.now = *mail.due_at;
  d.server.answer(accept);
  CHECK(d.run().count(WelcomeState::sent) == 1);
  CHECK(d.server.received().at(0).message_id == mail.message_id);
  CHECK(d.mail().generation == 1);
  CHECK(d.tries() == "1 deferred 451 4.7.1 greylisted; 2 accepted 250 2.0.0 queued as 4711");
}

TEST_CASE("a rejected mail has failed for good") {
  Delivering d;
  d.server.answer(result_of(Outcome::rejected, "550 5.1.1 no such user"));
  CHECK(d.run().count(WelcomeState::failed) == 1);
  CHECK(d.mail().state == WelcomeState::failed);
  CHECK(d.mail().reply == "550 5.1.1 no such user");
  d.now += std::chrono::days(1);
  d.server.answer(accept);
  CHECK(d.run().count(WelcomeState::sent) == 0);
}

TEST_CASE("an uncertain mail counts as out, and is tried again later as the same mail") {
  Delivering d;
  d.server.answer(die_after_dot);
  CHECK(d.run().count(WelcomeState::uncertain) == 1);
  CHECK(d.mail().state == WelcomeState::uncertain);
  CHECK(d.mail().due_at == d.now + minutes(30));
  CHECK(d.contact(ContactId{1}).way_in.valid_until == d.now + std::chrono::days(7));
  d.now += minutes(30);
  d.server.answer(accept);
  CHECK(d.run().count(WelcomeState::sent) == 1);
  const auto received = d.server.received();
  REQUIRE(received.size() == 2);
  CHECK(received[0].message_id == received[1].message_id);
  CHECK(received[0].text.substr(received[0].text.find("token="), 49) ==
        received[1].text.substr(received[1].text.find("token="), 49));
}

TEST_CASE("an uncertain mail is held for the admin if the configuration says so") {
  Delivering d;
  d.config.welcome.uncertain = UncertainPolicy::hold;
  d.server.answer(die_after_dot);
  d.run();
  CHECK_FALSE(d.mail().due_at);
  d.now += std::chrono::days(30);
  CHECK(d.run().count(WelcomeState::sent) == 0);
  CHECK(d.mail().state == WelcomeState::uncertain);
}

TEST_CASE("a fault of ours ends the run, and no mail counts as tried") {
  Delivering d(3);
  SendResult fault = result_of(Outcome::our_fault, "535 5.7.8 authentication failed");
  SUBCASE("for good") {
    d.server.answer(fault);
    const DeliveryReport report = d.run();
    REQUIRE(report.stop);
    CHECK(report.stop->kind == ErrorKind::config);
    CHECK(report.stop->reason == "535 5.7.8 authentication failed");
    CHECK(report.count(WelcomeState::queued) == 1);
  }
  SUBCASE("for now") {
    fault.retry_later = true;
    d.server.answer(fault);
    REQUIRE(d.run().stop);
  }
  CHECK(d.server.tries == 1);
  CHECK(d.states() == "queued queued queued");
  CHECK(d.value("SELECT sum(tries) FROM welcome") == "0");
  d.server.answer(accept);
  CHECK(d.run().count(WelcomeState::sent) == 3);
}

TEST_CASE("a fault of ours that may pass is temporary") {
  Delivering d;
  SendResult fault = result_of(Outcome::our_fault, "421 too busy");
  fault.retry_later = true;
  d.server.answer(fault);
  CHECK(d.run().stop.value().kind == ErrorKind::temporary);
}

TEST_CASE("settings that open no connection end the run and leave the queue as it was") {
  Delivering d(2);
  const auto lease = d.store->try_delivery_lease(Seconds(0));
  const MailerFactory broken = [](const mail::GiveUp&) -> std::unique_ptr<mail::Mailer> {
    throw Error(ErrorKind::config, "no such transport", "take another");
  };
  const DeliveryReport report = deliver(*d.store, *lease, d.settings(), broken, [](const DeliveredMail&) {});
  REQUIRE(report.stop);
  CHECK(report.stop->kind == ErrorKind::config);
  CHECK(report.stop->reason == "no such transport");
  CHECK(report.stop->hint == "take another");
  CHECK(d.states() == "queued queued");
  CHECK(d.run().count(WelcomeState::sent) == 2);
}
