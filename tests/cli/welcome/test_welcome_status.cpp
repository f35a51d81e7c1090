#include <string>

#include <doctest/doctest.h>

#include "tests/support/golden.hpp"
#include "tests/support/mail_fixture.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

struct Mails : Shell {
  Mails() {
    add_nordlys();
    add_lund();
    (*this)("welcome send contact:1");
    (*this)("welcome send contact:2 --queue");
    records.now += kundehub::Seconds(60);
    (*this)("welcome resend contact:1 --queue");
  }
};

}  // namespace

TEST_CASE("welcome status shows where each contact's latest mail stands") {
  Mails kundehub;
  CHECK(kundehub("welcome status") == 0);
  check_golden("welcome_status", kundehub.out);
  const ordered_json list = kundehub.json("welcome status");
  REQUIRE(list.size() == 2);
  CHECK(list[0]["state"] == "queued");
  CHECK(list[0]["tries"] == 0);
  CHECK(list[0]["sent_at"].is_null());
  CHECK(list[1]["contact"] == "contact:2");
}

TEST_CASE("welcome status of targets, in certain states, as ids") {
  Mails kundehub;
  CHECK(kundehub("welcome status 1002 --format count") == 0);
  CHECK(kundehub.out == "0\n");
  CHECK(kundehub("welcome status contact:2 --format ids") == 0);
  CHECK(kundehub.out == "contact:2\n");
  CHECK(kundehub("welcome status --state sent --format ids") == 0);
  CHECK(kundehub.out == "");
  CHECK(kundehub("welcome status --state sent --verbose --format ids") == 0);
  CHECK(kundehub.out == "contact:1\n");
  CHECK(kundehub("welcome status --state sent --state queued --verbose --format count") == 0);
  CHECK(kundehub.out == "3\n");
  CHECK(kundehub("welcome status --state none --format ids") == 0);
  CHECK(kundehub.out == "contact:3\n");
  CHECK(kundehub("welcome status --state snet") == 2);
  CHECK(kundehub.hint() == "did you mean sent");
  CHECK(kundehub("welcome status 9999") == 3);
}

TEST_CASE("welcome status --verbose shows every mail with every try") {
  Mails kundehub;
  const kundehub::mail_test::SmtpServer server("RCPT=450 4.2.1 later");
  kundehub.configure("mail.transport", server.url());
  kundehub("welcome deliver");
  const ordered_json list = kundehub.json("welcome status contact:1 --verbose");
  REQUIRE(list.size() == 2);
  CHECK(list[0]["state"] == "deferred");
  REQUIRE(list[0]["answers"].size() == 1);
  CHECK(list[0]["answers"][0]["reply"] == "450 4.2.1 later");
  CHECK(list[0]["answers"][0]["stage"] == "recipient");
  CHECK(list[1]["state"] == "sent");
}

TEST_CASE("a link that was used, or expired, shows in the state") {
  Mails kundehub;
  kundehub("welcome deliver");
  kundehub.use_link(1);
  CHECK(kundehub("welcome status contact:1 --state used --format ids") == 0);
  CHECK(kundehub.out == "contact:1\n");
  kundehub("welcome resend contact:1");
  kundehub.records.now += std::chrono::days(7);
  CHECK(kundehub.json("welcome status contact:1")[0]["state"] == "expired");
}
