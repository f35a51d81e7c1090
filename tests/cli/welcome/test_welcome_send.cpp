#include <string>

#include <doctest/doctest.h>

#include "tests/support/mail_fixture.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;
using kundehub::mail_test::SmtpServer;
using nlohmann::ordered_json;

namespace {

std::string states(Shell& kundehub) {
  return kundehub.records.value("SELECT group_concat(state, ' ') FROM (SELECT state FROM welcome ORDER BY id)");
}

/// Two contacts, and a server that answers as the script says.
struct WithServer : Shell {
  explicit WithServer(const std::string& script) : server(script) {
    add_nordlys();
    configure("mail.transport", server.url());
    configure("mail.connections", "1");
  }
  SmtpServer server;
};

}  // namespace

TEST_CASE("welcome send writes to everyone of a customer, and prints what became of it") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("welcome send 1001") == 0);
  CHECK(kundehub.mails().size() == 2);
  CHECK(kundehub.said("welcome mail to contact:1 (Anna Berg <anna@nordlys.dk>): sent\n"));
  CHECK(kundehub.out.find("contact:1  1001") != std::string::npos);
  const ordered_json again = kundehub.json("welcome send 1001");
  CHECK(again == ordered_json::array());
  CHECK(kundehub.said("skipped contact:1 (Anna Berg <anna@nordlys.dk>): got a mail already on 2026-11-23 10:00"));
  CHECK(kundehub.hint() == "kundehub welcome resend contact:1");
  CHECK(kundehub.mails().size() == 2);
}

TEST_CASE("the mail holds the person's name, the company's, one link and no token in the database or the output") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  const auto link = kundehub.records.begin(kundehub::OperationMode::dry_run)->live_link(kundehub::ContactId{1});
  const std::string token = kundehub.records.key.token(link->contact, link->generation, link->nonce);
  REQUIRE(kundehub.mails().size() == 1);
  const auto mail = kundehub::mail_test::parse_mail(kundehub.mails()[0]);
  CHECK(mail.dump().find("https://hub.example.dk/welcome?token=" + token) != std::string::npos);
  CHECK(mail.dump().find("Anna") != std::string::npos);
  CHECK(mail.dump().find("Eksempel ApS") != std::string::npos);
  CHECK((kundehub.out + kundehub.err).find(token) == std::string::npos);
  for (const char* line :
       {"welcome status --verbose --json", "customer show 1001 --json", "welcome preview contact:1"}) {
    kundehub(line);
    CHECK((kundehub.out + kundehub.err).find(token) == std::string::npos);
  }
}

TEST_CASE("welcome send takes customers and contacts, each contact once") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  CHECK(kundehub("welcome send contact:1 1001 anna@nordlys.dk 1002 --format ids") == 0);
  CHECK(kundehub.out == "contact:1\ncontact:2\ncontact:3\n");
  CHECK(kundehub.mails().size() == 3);
}

TEST_CASE("welcome send refuses whom it cannot write to, and writes to the others") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer add --business Tom --hub");
  CHECK(kundehub("welcome send 1002") == 4);
  CHECK(kundehub.message() == "customer 1002 has no contacts: there is nobody to write to");
  CHECK(kundehub.hint() == "kundehub contact add 1002 \"First Last <mail@example.dk>\"");
  CHECK(kundehub("welcome send 9999") == 3);
  kundehub("contact edit contact:2 --no-hub");
  CHECK(kundehub("welcome send contact:1 contact:2") == 5);
  CHECK(kundehub.said("warning: no welcome mail can go to contact:2"));
  CHECK(kundehub.mails().size() == 1);
  CHECK(kundehub("welcome send 1001") == 0);
  CHECK(kundehub.said("skipped contact:2"));
}

TEST_CASE("welcome send wants targets or --never-sent, and not both") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("welcome send") == 2);
  CHECK(kundehub.hint() == "name them, give a list with --ids-from, or select them: --tag T");
  CHECK(kundehub("welcome send 1001 --never-sent") == 2);
  CHECK(kundehub("welcome send 1001 --link new") == 2);
  CHECK(kundehub.message() == "--link takes keep or rotate, not \"new\"");
}

TEST_CASE("welcome send --never-sent asks how many, and takes everyone with access who never got one") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  kundehub("contact edit contact:2 --no-hub");
  kundehub("welcome send contact:1");
  kundehub.add_nordlys();
  CHECK(kundehub("welcome send --never-sent") == 6);
  CHECK(kundehub.message().find("Send 3 welcome mails?") != std::string::npos);
  kundehub.at_terminal("n\n");
  CHECK(kundehub("welcome send --never-sent") == 6);
  CHECK(kundehub.said("Send 3 welcome mails? [y/N]"));
  CHECK(kundehub.mails().size() == 1);
  kundehub.at_terminal("y\n");
  CHECK(kundehub("welcome send --never-sent") == 0);
  CHECK(kundehub.mails().size() == 4);
  kundehub.in_script();
  CHECK(kundehub("welcome send --never-sent") == 0);
  CHECK(kundehub.mails().size() == 4);
}

TEST_CASE("welcome send --dry-run prints the plan, one line for every contact considered") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  kundehub("welcome send contact:1");
  kundehub("contact edit contact:2 --no-hub");
  const ordered_json plan = kundehub.json("welcome send --never-sent --dry-run");
  REQUIRE(plan.size() == 3);
  CHECK(plan[0]["decision"] == "skip");
  CHECK(plan[0]["reason"] == "already_sent");
  CHECK(plan[1]["reason"] == "contact_hub_off");
  CHECK(plan[2]["decision"] == "send");
  CHECK(plan[2]["link"] == "new");
  CHECK(plan[2]["link_expires_at"] == "2026-11-30T10:00:00Z");
  CHECK(kundehub.said("dry run: 1 of 3 contacts would get a mail"));
  CHECK(kundehub("welcome send --never-sent --dry-run --format ids") == 0);
  CHECK(kundehub.out == "contact:3\n");
  CHECK(kundehub.mails().size() == 1);
}

TEST_CASE("welcome send --queue leaves the mail to the next delivery run") {
  Shell kundehub;
  kundehub.add_nordlys();
  const ordered_json queued = kundehub.json("welcome send 1001 --queue");
  CHECK(queued[0]["state"] == "queued");
  CHECK(queued[0]["due_at"] == "2026-11-23T10:00:00Z");
  CHECK(kundehub.mails().empty());
}

TEST_CASE("without mail settings nothing is sent or queued, and the remedy is named") {
  for (const char* key : {"mail.transport", "mail.from", "hub.url"}) {
    CAPTURE(key);
    Shell kundehub;
    kundehub.add_nordlys();
    kundehub.configure(key, "");
    for (const char* line :
         {"welcome send 1001", "welcome send 1001 --queue", "welcome resend 1001", "welcome deliver"}) {
      CAPTURE(line);
      CHECK(kundehub(line) == 78);
      CHECK(kundehub.hint().starts_with(std::string("kundehub config set ") + key + ' '));
    }
    CHECK(kundehub.records.value("SELECT count(*) FROM welcome") == "0");
  }
}

TEST_CASE("welcome send: every mail refused for good ends with 69, some with 5") {
  WithServer kundehub("RCPT=550 5.1.1 no such user");
  CHECK(kundehub("welcome send 1001") == 69);
  CHECK_FALSE(kundehub.message().empty());
  CHECK(kundehub.said("(550 5.1.1 no such user)"));
  CHECK(states(kundehub) == "failed failed");
  WithServer mixed("RCPT#2=550 5.1.1 no such user");
  CHECK(mixed("welcome send 1001") == 5);
  CHECK(states(mixed) == "sent failed");
}

TEST_CASE("welcome send: every mail deferred ends with 75, and a fault of ours with 78 or 75") {
  WithServer later("RCPT=450 4.2.1 later");
  CHECK(later("welcome send 1001") == 75);
  CHECK(states(later) == "deferred deferred");
  CHECK_FALSE(later.hint().empty());
  WithServer fault("MAIL=550 5.7.1 you may not send from there");
  CHECK(fault("welcome send 1001") == 78);
  CHECK(states(fault) == "queued queued");
  CHECK(fault.said("550 5.7.1 you may not send from there"));
}

TEST_CASE("welcome send: a connection that dies behind the dot leaves the mail uncertain, and says so") {
  WithServer kundehub("dot=store-drop");
  const int code = kundehub("welcome send contact:1");
  CHECK((code == 5 || code == 75));
  CHECK(states(kundehub) == "uncertain");
  CHECK(kundehub.said("uncertain"));
  CHECK(kundehub("hub explain contact:1") == 0);
}

TEST_CASE("welcome send: a server's reply cannot write to the terminal what it likes") {
  WithServer kundehub("RCPT=550 \\x1b]0\\x3bowned\\x07 no");
  CHECK(kundehub("welcome send contact:1") == 69);
  CHECK(kundehub.err.find('\x1b') == std::string::npos);
  kundehub("welcome status");
  CHECK(kundehub.out.find('\x1b') == std::string::npos);
}
