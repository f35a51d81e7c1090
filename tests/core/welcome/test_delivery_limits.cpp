#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "tests/support/file_queue.hpp"

using namespace kundehub;
using namespace kundehub::test;
using mail::BeforeFinalDot;
using mail::Message;
using mail::Outcome;
using mail::SendResult;

namespace {

SendResult unreachable() {
  SendResult result = result_of(Outcome::deferred, "connection refused");
  result.no_connection = true;
  return result;
}

}  // namespace

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
  bool first = true, all = false;
  queue.progress = [&](const DeliveredMail&) {
    if (!std::exchange(first, false)) return;
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

TEST_CASE("nobody waits for a turn that has no mail") {
  FileQueue queue(5);
  queue.config.mail.connections = 4;
  queue.config.mail.rate = parse_rate("1/m");
  const auto start = std::chrono::steady_clock::now();
  SUBCASE("the limit is reached") {
    queue.limit = 1;
    CHECK(queue.run().count(WelcomeState::sent) == 1);
  }
  SUBCASE("the run has stopped") {
    queue.max_failures = 1;
    queue.server.answer(result_of(Outcome::rejected, "550 no"));
    CHECK(queue.run().count(WelcomeState::failed) == 1);
  }
  SUBCASE("what is due is not asked for") {
    queue.only = {queue.mails[2]};
    CHECK(queue.run().count(WelcomeState::sent) == 1);
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}
