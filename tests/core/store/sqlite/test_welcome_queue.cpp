#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "core/store/welcome_queue.hpp"
#include "tests/support/records.hpp"

using namespace kundehub;
using namespace kundehub::test;

namespace {

struct Queue : Records {
  explicit Queue(int contacts) {
    for (const ContactId id : add_contacts(contacts)) mails.push_back(invite(id));
  }

  /// The ids of what is claimed now.
  std::string claim(int limit, const std::vector<WelcomeId>& only = {}) {
    std::string ids;
    queue().in_group([&] {
      for (const ClaimedWelcome& mail : queue().claim(now, limit, only))
        ids += std::to_string(mail.welcome.id.value) + ' ';
    });
    return ids;
  }

  bool record(WelcomeState state, std::optional<Time> due = std::nullopt) {
    return queue().record(
        {.welcome = mails[0], .state = state, .outcome = "x", .stage = "data", .reply = "r", .due_at = due}, now);
  }

  WelcomeQueue& queue() { return store->welcome_queue(); }
  std::string row() { return value("SELECT state || ' ' || coalesce(phase, '-') || ' ' || tries FROM welcome"); }

  std::vector<WelcomeId> mails;
};

}  // namespace

TEST_CASE("a claim takes what is due, oldest first, each once") {
  Queue queue(4);
  queue.sql("UPDATE welcome SET due_at = due_at - 100 WHERE id = 3");
  queue.sql("UPDATE welcome SET due_at = due_at + 1 WHERE id = 4");
  CHECK(queue.queue().count_due(queue.now, {}) == 3);
  CHECK(queue.queue().count_due(queue.now, {queue.mails[0], queue.mails[3]}) == 1);
  CHECK(queue.claim(2) == "3 1 ");
  CHECK(queue.claim(9) == "2 ");
  CHECK(queue.claim(9) == "");
  queue.now += Seconds(1);
  CHECK(queue.claim(9, {queue.mails[0]}) == "");
  CHECK(queue.claim(9, {queue.mails[3]}) == "4 ");
}

TEST_CASE("a claimed mail is being sent, as one more try, and holds all that is needed to write it") {
  Queue queue(1);
  ClaimedWelcome mail = [&] {
    std::vector<ClaimedWelcome> claimed;
    queue.queue().in_group([&] { claimed = queue.queue().claim(queue.now, 1, {}); });
    return claimed.at(0);
  }();
  CHECK(queue.row() == "sending 1 1");
  CHECK(mail.contact.contact.data.email->text() == "p1@example.dk");
  CHECK(mail.link.generation == mail.welcome.generation);
  CHECK(mail.link.token_hash == token_hash(queue.key.token(mail.link.contact, mail.link.generation, mail.link.nonce)));
}

TEST_CASE("the dot is let go once, and only for a mail that is being sent with a living link") {
  Queue queue(1);
  const Time expires = queue.now + std::chrono::days(7);
  CHECK_FALSE(queue.queue().begin_final_dot(queue.mails[0], expires, "sent-hash"));
  queue.claim(1);
  CHECK(queue.queue().begin_final_dot(queue.mails[0], expires, "sent-hash"));
  CHECK(queue.row() == "sending 2 1");
  CHECK_FALSE(queue.queue().begin_final_dot(queue.mails[0], expires, "sent-hash"));
  queue.sql("UPDATE welcome SET phase = 1");
  queue.sql("UPDATE login_link SET used_at = 1");
  CHECK_FALSE(queue.queue().begin_final_dot(queue.mails[0], expires, "sent-hash"));
}

TEST_CASE("the first try is the first that counted since the mail was queued") {
  Queue queue(1);
  const auto first_try = [&] {
    std::vector<ClaimedWelcome> claimed;
    queue.queue().in_group([&] { claimed = queue.queue().claim(queue.now, 1, {}); });
    return claimed.at(0).first_try;
  };
  const auto end = [&](WelcomeState state, const std::string& outcome) {
    queue.queue().record({queue.mails[0], state, outcome, "data", "r", queue.now}, queue.now);
    queue.now += Seconds(100);
  };
  CHECK_FALSE(first_try());
  end(WelcomeState::queued, "our fault");
  CHECK_FALSE(first_try());
  const Time first = queue.now;
  end(WelcomeState::deferred, "deferred");
  CHECK(first_try() == first);
  end(WelcomeState::deferred, "deferred");
  CHECK(first_try() == first);
  end(WelcomeState::deferred, "deferred");
  queue.sql("UPDATE welcome SET queued_at = " + std::to_string(queue.now.time_since_epoch().count()));  // sent anew
  CHECK_FALSE(first_try());
}

TEST_CASE("mails that were claimed and not tried go back, as if nothing had been") {
  Queue queue(4);
  const std::string rows =
      "SELECT group_concat(state || tries || coalesce(phase, '-') || coalesce(due_at, '-'), ' ') FROM welcome";
  queue.sql("UPDATE welcome SET state = 'deferred', tries = 2, due_at = due_at - 5 WHERE id = 2");
  queue.sql("UPDATE welcome SET state = 'uncertain', tries = 1, due_at = due_at - 7 WHERE id = 3");
  const std::string before = queue.value(rows);
  std::vector<ClaimedWelcome> claimed;
  queue.queue().in_group([&] { claimed = queue.queue().claim(queue.now, 9, {}); });
  REQUIRE(claimed.size() == 4);
  CHECK(queue.value("SELECT count(*) FROM welcome WHERE state = 'sending'") == "4");
  for (const ClaimedWelcome& mail : claimed) queue.queue().release(mail, queue.now);
  CHECK(queue.value(rows) == before);
}

TEST_CASE("a mail goes back only while nothing has become of it") {
  Queue queue(2);
  std::vector<ClaimedWelcome> claimed;
  queue.queue().in_group([&] { claimed = queue.queue().claim(queue.now, 9, {}); });
  queue.queue().begin_final_dot(queue.mails[0], queue.now, "sent-hash");
  {
    const auto operation = queue.begin();
    operation->cancel_welcome(ContactId{2});
    operation->commit();
  }
  const std::string rows = "SELECT group_concat(state || coalesce(phase, '-'), ' ') FROM welcome";
  const std::string before = queue.value(rows);
  for (const ClaimedWelcome& mail : claimed) queue.queue().release(mail, queue.now);
  CHECK(queue.value(rows) == before);
}

TEST_CASE("a mail behind its dot cannot be cancelled, one before it can") {
  Queue queue(1);
  queue.claim(1);
  CHECK(queue.begin(OperationMode::dry_run)->cancel_welcome(ContactId{1}));
  queue.queue().begin_final_dot(queue.mails[0], queue.now, "sent-hash");
  CHECK_FALSE(queue.begin(OperationMode::dry_run)->cancel_welcome(ContactId{1}));
}

TEST_CASE("a record puts the mail into its state; a try that does not count is taken back") {
  Queue queue(1);
  queue.claim(1);
  CHECK(queue.record(WelcomeState::queued, queue.now));
  CHECK(queue.row() == "queued - 0");
  queue.claim(1);
  CHECK(queue.record(WelcomeState::deferred, queue.now + Seconds(5)));
  CHECK(queue.row() == "deferred - 1");
  CHECK(queue.store->tries_of(queue.mails[0]).size() == 2);
  CHECK(queue.store->tries_of(queue.mails[0])[1].number == 2);
}

TEST_CASE("a mail that was cancelled meanwhile stays so unless the server has taken it") {
  Queue queue(1);
  queue.claim(1);
  queue.sql("UPDATE welcome SET state = 'cancelled', phase = NULL");
  CHECK_FALSE(queue.record(WelcomeState::deferred, queue.now));
  CHECK(queue.value("SELECT state || coalesce(due_at, '') FROM welcome") == "cancelled");
  queue.now += Seconds(1);
  CHECK(queue.record(WelcomeState::sent));
  CHECK(queue.value("SELECT state FROM welcome") == "sent");
}

TEST_CASE("a try that is recorded twice, as after a commit that failed behind its effect, counts once") {
  Queue queue(1);
  queue.claim(1);
  CHECK(queue.record(WelcomeState::deferred, queue.now + Seconds(300)));
  CHECK(queue.record(WelcomeState::deferred, queue.now + Seconds(300)));
  CHECK(queue.row() == "deferred - 1");
  CHECK(queue.store->tries_of(queue.mails[0]).size() == 1);
}

TEST_CASE("a group that fails has done nothing") {
  Queue queue(2);
  CHECK_THROWS_AS(queue.queue().in_group([&] {
    queue.queue().claim(queue.now, 1, {});
    throw Error(ErrorKind::internal, "x");
  }),
                  Error);
  CHECK(queue.claim(9) == "1 2 ");
}

TEST_CASE("a contact has one mail on its way at a time") {
  Queue queue(1);
  const auto operation = queue.begin();
  try {
    operation->queue_welcome({.contact = ContactId{1},
                              .address = "p1@example.dk",
                              .message_id = "x@y",
                              .language = Language::da,
                              .template_hash = "h",
                              .message = {},
                              .generation = 1});
    FAIL("queued");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::conflict);
    CHECK(std::string(error.what()) == "contact:1 has a welcome mail on its way already");
    CHECK(error.hint() == "kundehub welcome status contact:1");
  }
}

TEST_CASE("the state of a mail follows its link: used, or expired when its time is over") {
  Queue queue(1);
  queue.claim(1);
  queue.queue().begin_final_dot(queue.mails[0], queue.now + Seconds(100), "sent-hash");
  queue.record(WelcomeState::sent);
  CHECK(queue.welcome(queue.mails[0]).state == WelcomeState::sent);
  CHECK(queue.contact(ContactId{1}).welcome == WelcomeState::sent);
  queue.now += Seconds(100);
  CHECK(queue.welcome(queue.mails[0]).state == WelcomeState::expired);
  CHECK(queue.contact(ContactId{1}).welcome == WelcomeState::expired);
  queue.sql("UPDATE login_link SET used_at = 5");
  CHECK(queue.welcome(queue.mails[0]).state == WelcomeState::used);
  CHECK(queue.contact(ContactId{1}).way_in.used_at == Time(Seconds(5)));
}

TEST_CASE("a mail to an earlier address says nothing about the present one") {
  Queue queue(1);
  queue.claim(1);
  queue.queue().begin_final_dot(queue.mails[0], queue.now + Seconds(100), "sent-hash");
  queue.record(WelcomeState::sent);
  CHECK(queue.contact(ContactId{1}).sends == 1);
  queue.sql("UPDATE contact SET email = 'new@example.dk', email_key = 'new@example.dk'");
  const ContactOverview contact = queue.contact(ContactId{1});
  CHECK(contact.welcome == WelcomeState::none);
  CHECK(contact.sends == 0);
  CHECK_FALSE(contact.way_in.valid_until);
}
