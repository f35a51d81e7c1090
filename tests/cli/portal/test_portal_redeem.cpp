#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// Anna and Bo at Nordlys; Anna has a welcome mail.
struct Portal : Shell {
  Portal() {
    add_nordlys();
    (*this)("welcome send contact:1");
    token = token_of(1);
  }

  ordered_json redeem(const std::string& shown, const std::string& options = "") {
    pipe(shown + "\n");
    return json("portal redeem --token-stdin " + options);
  }

  /// Why Anna's token is refused; empty if it lets her in.
  std::string reason(const std::string& options = "") {
    const ordered_json answer = redeem(token, options);
    CHECK(answer["redeemed"] == answer["reason"].is_null());
    return answer["reason"].is_null() ? "" : answer["reason"].get<std::string>();
  }

  std::string token;
};

}  // namespace

TEST_CASE("a login link lets its person in once, and tells whom") {
  Portal kundehub;
  kundehub("contact edit contact:1 --language en");
  const ordered_json answer = kundehub.redeem(kundehub.token, "--ip 192.0.2.7");
  CHECK(answer["redeemed"] == true);
  CHECK(answer["reason"].is_null());
  CHECK(answer["contact"] == "contact:1");
  CHECK(answer["customer"] == "1001");
  CHECK(answer["kind"] == "business");
  CHECK(answer["name"] == "Anna Berg");
  CHECK(answer["email"] == "anna@nordlys.dk");
  CHECK(answer["language"] == "en");
  CHECK(answer["modules"] == ordered_json::array({"projects"}));
  CHECK(answer["impersonation"] == false);
  CHECK(kundehub.json("welcome status contact:1")[0]["state"] == "used");
  const ordered_json login = kundehub.json("hub logins")[0];
  CHECK(login["method"] == "link");
  CHECK(login["ip"] == "192.0.2.7");

  CHECK(kundehub.reason() == "used");
  CHECK(kundehub.json("hub logins").size() == 1);
  kundehub.pipe(kundehub.token);
  CHECK(kundehub("portal redeem --token-stdin") == 10);
  CHECK(kundehub.out.find("the link was used on 2026-") != std::string::npos);
}

TEST_CASE("a dry run uses nothing") {
  Portal kundehub;
  CHECK(kundehub.reason("--dry-run").empty());
  CHECK(kundehub.redeem("guessed", "--dry-run")["reason"] == "unknown");
  CHECK(kundehub.reason().empty());
}

TEST_CASE("a link ends with what it was given for, and says why") {
  Portal kundehub;
  SUBCASE("revoked") {
    kundehub("hub revoke 1001");
    CHECK(kundehub.reason() == "revoked");
    kundehub("hub grant 1001");
    CHECK(kundehub.reason() == "revoked");
  }
  SUBCASE("revoked for the one contact") {
    kundehub("hub revoke 1001 --contact contact:1");
    CHECK(kundehub.reason() == "revoked");
  }
  SUBCASE("rotated") {
    kundehub("welcome resend contact:1 --link rotate");
    CHECK(kundehub.reason() == "rotated");
    kundehub.token = kundehub.token_of(1);
    CHECK(kundehub.reason().empty());
  }
  SUBCASE("kept by a resend") {
    kundehub("welcome resend contact:1");
    CHECK(kundehub.reason().empty());
  }
  SUBCASE("of an earlier address") {
    kundehub("contact edit contact:1 --email anna@hjem.dk");
    CHECK(kundehub.reason() == "email_changed");
  }
  SUBCASE("archived") {
    kundehub("customer archive 1001");
    CHECK(kundehub.reason() == "archived");
    kundehub("customer unarchive 1001");
    CHECK(kundehub.reason() == "archived");
  }
  SUBCASE("deleted") {
    kundehub("contact delete contact:1 --yes");
    CHECK(kundehub.reason() == "unknown");
  }
  SUBCASE("erased") {
    kundehub("person erase anna@nordlys.dk --yes");
    CHECK(kundehub.reason() == "unknown");
  }
  SUBCASE("bounced") {
    kundehub.records.sql("UPDATE welcome SET state = 'bounced'");
    CHECK(kundehub.reason() == "not_sent");
  }
  SUBCASE("not sent yet") {
    kundehub("welcome send contact:2 --queue");
    kundehub.token = kundehub.token_of(2);
    CHECK(kundehub.reason() == "not_sent");
  }
  SUBCASE("a switch that was put off behind the program's back") {
    kundehub.records.sql("UPDATE contact SET hub = 0");
    CHECK(kundehub.reason() == "no_access");
  }
  SUBCASE("undone and done again") {
    kundehub("hub revoke 1001");
    kundehub("undo");
    CHECK(kundehub.reason() == "revoked");
  }
}

TEST_CASE("a link works to the second, and a clock that is set back does not revive it") {
  Portal kundehub;
  const auto sent = kundehub.records.now;
  kundehub.records.now = sent + days(7) - seconds(1);
  CHECK(kundehub.reason("--dry-run").empty());
  kundehub.records.now = sent + days(7);
  CHECK(kundehub.reason("--dry-run") == "expired");
  CHECK(kundehub("hub explain contact:1") == 10);
  CHECK(kundehub.reason() == "expired");
  kundehub.records.now = sent + days(1);
  CHECK(kundehub.reason() == "expired");
  CHECK(kundehub("portal check anna@nordlys.dk") == 10);
  CHECK(kundehub("hub explain contact:1") == 10);
  CHECK(kundehub.out.find("kundehub welcome send contact:1") != std::string::npos);
  CHECK(kundehub("welcome send contact:1") == 0);
  kundehub.token = kundehub.token_of(1);
  CHECK(kundehub.reason().empty());
}

TEST_CASE("guessing is limited for the network that guesses, a minute long") {
  Portal kundehub;
  kundehub.records.now += seconds(30);
  for (int i = 0; i < 20; ++i) CHECK(kundehub.redeem("guess", "--ip 2001:db8:1:2::7")["reason"] == "unknown");
  for (int i = 0; i < 20; ++i) kundehub.redeem("guess", i % 2 ? "--ip 192.0.2.9" : "--ip ::ffff:192.0.2.9");
  CHECK(kundehub.reason("--dry-run --ip 192.0.2.9") == "too_many_attempts");
  const ordered_json refusal = kundehub.redeem(kundehub.token, "--ip 2001:db8:1:2:ffff::8");
  CHECK(refusal["reason"] == "too_many_attempts");
  CHECK(refusal["retry_after"].get<int>() > 0);
  CHECK(refusal["retry_after"].get<int>() <= 60);
  CHECK(kundehub.reason("--dry-run --ip 2001:db8:1:3::7").empty());
  CHECK(kundehub.reason("--dry-run").empty());
  kundehub.records.now -= hours(2);  // a clock that is set back locks nobody out
  CHECK(kundehub.reason("--dry-run --ip 2001:db8:1:2::7").empty());
  kundehub.records.now += hours(2) + minutes(1);
  CHECK(kundehub.reason("--ip 2001:db8:1:2::7").empty());
}

TEST_CASE("a token is refused whatever it looks like, and is printed nowhere") {
  Portal kundehub;
  for (const std::string& shown : {std::string(), std::string("x"), kundehub.token + "x", kundehub.token.substr(1),
                                   std::string("'; DROP TABLE customer; --"), std::string("\0\0", 2),
                                   std::string(100'000, 'A'), std::string("\xff\xfe")}) {
    CHECK(kundehub.redeem(shown)["reason"] == "unknown");
    CHECK((shown.size() < 2 || kundehub.err.find(shown) == std::string::npos));
  }
  CHECK(kundehub.reason().empty());
  kundehub.json("log");
  CHECK(kundehub.out.find(kundehub.token) == std::string::npos);
  CHECK(kundehub("portal redeem") == 2);
  CHECK(kundehub("portal redeem " + kundehub.token + " --token-stdin") == 2);
  kundehub.pipe(kundehub.token);
  CHECK(kundehub("portal redeem --token-stdin --ip nowhere") == 65);
}

TEST_CASE("an admin sees the HUB as a customer does, for five minutes and once") {
  Portal kundehub;
  kundehub("customer add --business Vest --hub --module projects --contact 'Ib Ek <ib@vest.dk>' --no-welcome");
  CHECK(kundehub("hub open 1002 --actor vera") == 0);
  CHECK(kundehub.out.find("https://") != std::string::npos);
  const std::string token = kundehub.printed_token();
  const ordered_json log = kundehub.json("log --customer 1002");
  CHECK(log[0]["actor"] == "vera");
  CHECK(log[0]["command"] == "hub open 1002 --actor vera");
  const ordered_json answer = kundehub.redeem(token);
  CHECK(answer["impersonation"] == true);
  CHECK(answer["contact"] == "contact:3");
  CHECK(kundehub.json("hub logins")[0]["method"] == "open");
  CHECK(kundehub("hub explain contact:3") == 10);  // it was not Ib who came in
  CHECK(kundehub.redeem(token)["reason"] == "used");

  kundehub("hub open ib@vest.dk");
  const std::string late = kundehub.printed_token();
  kundehub.records.now += minutes(5);
  CHECK(kundehub.redeem(late)["reason"] == "expired");

  kundehub("hub open contact:1");
  const std::string revoked = kundehub.printed_token();
  kundehub("hub revoke 1001");
  CHECK(kundehub.redeem(revoked)["reason"] == "revoked");
}

TEST_CASE("an admin's link ends with what it was to show, and does not come back") {
  Portal kundehub;
  kundehub("hub open contact:1");
  const std::string token = kundehub.printed_token();
  std::string reason = "revoked";
  SUBCASE("revoked and granted") {
    kundehub("hub revoke 1001");
    kundehub("hub grant 1001");
  }
  SUBCASE("revoked and granted as a contact") {
    kundehub("hub revoke 1001 --contact contact:1");
    kundehub("hub grant 1001 --contact contact:1");
  }
  SUBCASE("archived and back") {
    kundehub("customer archive 1001");
    kundehub("customer unarchive 1001");
  }
  SUBCASE("somebody else in the contact's place") {
    kundehub("contact edit contact:1 --email zoe@nordlys.dk --first-name Zoe");
  }
  SUBCASE("another customer's contact") {
    kundehub("customer add --business Sydlys --hub --contact 'Ib Ek <ib@sydlys.dk>' --no-welcome");
    kundehub("customer merge 1001 1002 --prefer into --yes");
  }
  SUBCASE("taken back") {
    CHECK(kundehub("undo") == 0);
    CHECK(kundehub.said("hub open contact:1"));
  }
  SUBCASE("expired, and the clock set back") {
    kundehub.records.now += minutes(6);
    CHECK(kundehub.redeem(token)["reason"] == "expired");
    kundehub.records.now -= minutes(6);
    reason = "expired";
  }
  SUBCASE("deleted, which the log still tells of the customer") {
    reason = "unknown";
    kundehub("contact delete contact:1 --yes");
    kundehub.json("log --customer 1001");
    CHECK(kundehub.out.find("hub open contact:1") != std::string::npos);
  }
  CHECK(kundehub.redeem(token)["reason"] == reason);
}

TEST_CASE("an expired link that a waiting mail carries is the mail's to renew") {
  Portal kundehub;
  kundehub.records.now += days(7) - hours(1);
  kundehub("welcome resend contact:1 --queue");
  kundehub.records.now += hours(2);
  CHECK(kundehub.reason() == "expired");
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.json("welcome status contact:1")[0]["state"] == "sent");
  kundehub.token = kundehub.token_of(1);
  CHECK(kundehub.reason().empty());
}

TEST_CASE("a customer's page tells an admin's visit from the customer's own") {
  Portal kundehub;
  kundehub("hub open contact:1");
  kundehub.redeem(kundehub.printed_token());
  kundehub("customer show 1001");
  CHECK(kundehub.out.find("an admin, as Anna Berg") != std::string::npos);
}

TEST_CASE("hub open refuses whom there is nothing to see of") {
  Portal kundehub;
  kundehub("customer add --business Tom");
  CHECK(kundehub("hub open 1002") == 4);
  CHECK(kundehub.message() == "customer 1002 has no contacts: there is nobody to see the HUB as");
  kundehub("hub revoke 1001");
  CHECK(kundehub("hub open 1001") == 4);
  CHECK(kundehub.hint() == "kundehub hub grant 1001");
  CHECK(kundehub("hub open 9999") == 3);
  kundehub("hub grant 1001");
  CHECK(kundehub("hub open 1001 --dry-run") == 0);
  CHECK(kundehub.out.find("token=") == std::string::npos);
}
