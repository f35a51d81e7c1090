#include "core/welcome/retry.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/sample_contact.hpp"

using namespace kundehub;
using namespace kundehub::test;
using mail::Outcome;
using mail::Stage;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

TryRecord judge_outcome(Outcome outcome, int tries = 1, Seconds age = Seconds(0), const Config& config = {}) {
  Welcome welcome;
  welcome.id = WelcomeId{5};
  welcome.tries = tries;
  welcome.queued_at = test_time() - std::chrono::days(30);  // in which nothing could be tried
  const auto first_try = tries > 1 ? std::optional(test_time() - age) : std::nullopt;
  return judge(welcome, first_try, {.outcome = outcome, .stage = Stage::data, .reply = "451 later"}, config,
               test_time());
}

/// True if the waits after so many tries are spread over `expected` ± 20 %, and nothing beyond.
bool waits(int tries, Seconds expected, const Config& config = {}) {
  std::set<Seconds> seen;
  for (int i = 0; i < 400; ++i) {
    const TryRecord record = judge_outcome(Outcome::deferred, tries, Seconds(0), config);
    if (record.state != WelcomeState::deferred || !record.due_at) return false;
    seen.insert(*record.due_at - test_time());
  }
  const Seconds tenth = expected / 10;
  return *seen.begin() >= expected - 2 * tenth && *seen.rbegin() <= expected + 2 * tenth &&
         *seen.begin()<expected - tenth&& * seen.rbegin()> expected + tenth;
}

}  // namespace

TEST_CASE("an outcome leads to one state") {
  CHECK(judge_outcome(Outcome::accepted).state == WelcomeState::sent);
  CHECK(judge_outcome(Outcome::rejected).state == WelcomeState::failed);
  CHECK(judge_outcome(Outcome::deferred).state == WelcomeState::deferred);
  CHECK(judge_outcome(Outcome::uncertain).state == WelcomeState::uncertain);
  CHECK(judge_outcome(Outcome::abandoned).state == WelcomeState::queued);
  CHECK(judge_outcome(Outcome::our_fault).state == WelcomeState::queued);
  for (const Outcome outcome : {Outcome::accepted, Outcome::rejected}) CHECK_FALSE(judge_outcome(outcome).due_at);
  for (const Outcome outcome : {Outcome::abandoned, Outcome::our_fault}) {
    CHECK(judge_outcome(outcome).due_at == test_time());
  }
}

TEST_CASE("a try is recorded with its stage and the server's words") {
  const TryRecord record = judge_outcome(Outcome::rejected);
  CHECK(record.welcome == WelcomeId{5});
  CHECK(record.outcome == "rejected");
  CHECK(record.stage == "data");
  CHECK(record.reply == "451 later");
  const auto stage = [](Stage at) {
    return judge({}, std::nullopt, {.outcome = Outcome::deferred, .stage = at, .reply = "r"}, {}, Time{}).stage;
  };
  CHECK(stage(Stage::connect) == "connect");
  CHECK(stage(Stage::mail_from) == "mail");
  CHECK(stage(Stage::recipient) == "recipient");
  CHECK(stage(Stage::final_dot) == "final dot");
}

TEST_CASE("a deferred mail waits 5, 15, 30, 60, 120 minutes, then 4 hours each time, by 20 % more or less") {
  CHECK(waits(1, minutes(5)));
  CHECK(waits(2, minutes(15)));
  CHECK(waits(3, minutes(30)));
  CHECK(waits(4, hours(1)));
  CHECK(waits(5, hours(2)));
  CHECK(waits(6, hours(4)));
  CHECK(waits(50, hours(4)));
  Config config;
  config.welcome.retry = {hours(1)};
  CHECK(waits(1, hours(1), config));
  CHECK(waits(9, hours(1), config));
}

TEST_CASE("a deferred mail is given up in the end") {
  CHECK(judge_outcome(Outcome::deferred, 20, hours(72) - Seconds(1)).state == WelcomeState::deferred);
  const TryRecord record = judge_outcome(Outcome::deferred, 20, hours(72));
  CHECK(record.state == WelcomeState::failed);
  CHECK(record.reply == "given up after 3d: 451 later");
  CHECK_FALSE(record.due_at);
  Config config;
  config.welcome.give_up_after = minutes(1);
  CHECK(judge_outcome(Outcome::deferred, 2, minutes(1), config).state == WelcomeState::failed);
  const TryRecord doubtful = judge_outcome(Outcome::uncertain, 20, hours(72));
  CHECK(doubtful.state == WelcomeState::uncertain);
  CHECK_FALSE(doubtful.due_at);
  CHECK(judge_outcome(Outcome::uncertain, 20, hours(72) - Seconds(1)).due_at);
}

TEST_CASE("a mail that waited long before its first try is not given up at it") {
  Config config;
  config.welcome.give_up_after = minutes(1);
  CHECK(judge_outcome(Outcome::deferred, 1, Seconds(0), config).state == WelcomeState::deferred);
  CHECK(judge_outcome(Outcome::uncertain, 1, Seconds(0), config).due_at);
}

TEST_CASE("an uncertain mail is tried again after 30 minutes or held, as the configuration says") {
  CHECK(judge_outcome(Outcome::uncertain).due_at == test_time() + minutes(30));
  Config config;
  config.welcome.uncertain = UncertainPolicy::hold;
  CHECK_FALSE(judge_outcome(Outcome::uncertain, 1, Seconds(0), config).due_at);
  CHECK_FALSE(uncertain_due(config, test_time()));
  CHECK(uncertain_due({}, test_time()) == test_time() + minutes(30));
}
