#include <string>

#include <doctest/doctest.h>

#include "core/store/sqlite/sqlite_store.hpp"
#include "tests/support/mail_fixture.hpp"
#include "tests/support/queue_shell.hpp"

using namespace kundehub::test;
using Queue = QueueShell;
using kundehub::mail_test::SmtpServer;
using nlohmann::ordered_json;

TEST_CASE("welcome deliver sends what is due, and has nothing to do then") {
  Queue kundehub;
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.out == "");
  CHECK(kundehub.said("3 sent"));
  CHECK(kundehub.mails().size() == 3);
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.said("nothing waits"));
  CHECK(kundehub("welcome deliver --quiet") == 0);
  CHECK(kundehub.err == "");
}

TEST_CASE("welcome deliver --limit sends so many, --dry-run none") {
  Queue kundehub;
  CHECK(kundehub("welcome deliver --dry-run") == 0);
  CHECK(kundehub.said("dry run: 3 mails would be tried"));
  CHECK(kundehub.mails().empty());
  CHECK(kundehub("welcome deliver --limit 2") == 0);
  CHECK(kundehub.states() == "sent sent queued");
  for (const char* option : {"--limit 0", "--limit x", "--connections 0", "--connections 65", "--max-failures -1"}) {
    CAPTURE(option);
    CHECK(kundehub(std::string("welcome deliver ") + option) == 2);
  }
  CHECK(kundehub.states() == "sent sent queued");
}

TEST_CASE("welcome deliver tries again when it is time, and gives up in the end") {
  Queue kundehub;
  const SmtpServer server("RCPT=451 4.3.0 later");
  const std::string maildir = "maildir:" + (kundehub.folder() / "mail").native();
  kundehub.configure("mail.transport", server.url());
  CHECK(kundehub("welcome deliver") == 75);
  CHECK(kundehub.states() == "deferred deferred deferred");
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.said("nothing was due"));
  kundehub.records.now += std::chrono::hours(72);
  CHECK(kundehub("welcome deliver") == 69);
  CHECK(kundehub.states() == "failed failed failed");
  CHECK(kundehub.records.value("SELECT reply FROM welcome") == "given up after 3d: 451 4.3.0 later");
}

TEST_CASE("welcome deliver stops when the server cannot be reached, or after as many failures as are allowed") {
  Queue kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send 1003 --queue");
  kundehub.configure("mail.transport", "smtp://127.0.0.1:1");
  kundehub.configure("mail.connections", "1");
  CHECK(kundehub("welcome deliver") == 75);
  CHECK(kundehub.said("delivery stopped: the mail server cannot be reached"));
  CHECK(kundehub.states() == "deferred deferred deferred queued queued");
  const SmtpServer server("RCPT=550 5.1.1 no");
  kundehub.configure("mail.transport", server.url());
  kundehub("welcome deliver --max-failures 1");
  CHECK(kundehub.said("delivery stopped: 1 mail did not leave"));
  CHECK(kundehub.states() == "deferred deferred deferred failed queued");
}

TEST_CASE("welcome deliver: what has failed for good is no mail that waits, however the run ended") {
  Queue kundehub;
  const SmtpServer server("RCPT=550 5.1.1 no");
  kundehub.configure("mail.transport", server.url());
  kundehub.configure("mail.connections", "1");
  CHECK(kundehub("welcome deliver --max-failures 3") == 69);
  CHECK(kundehub.states() == "failed failed failed");
  Queue mixed;
  const SmtpServer busy("RCPT#2=550 5.1.1 no");
  mixed.configure("mail.transport", busy.url());
  mixed.configure("mail.connections", "1");
  CHECK(mixed("welcome deliver --max-failures 1 --json") == 5);
  CHECK(mixed.states() == "sent failed queued");
  const auto error = ordered_json::parse(mixed.last_line())["error"];
  CHECK(error["message"] == "delivery run: 1 sent, 1 failed; 1 mail waits");
  CHECK(error["hint"] == "kundehub welcome status");
}

TEST_CASE("welcome deliver prints the mails that it tried where a format is asked for") {
  Queue kundehub;
  CHECK(kundehub("welcome deliver --limit 2 --json") == 0);
  const auto mails = nlohmann::json::parse(kundehub.out);
  REQUIRE(mails.size() == 2);
  CHECK(mails[0]["state"] == "sent");
  CHECK(mails[0]["email"] != mails[1]["email"]);
  CHECK(kundehub("welcome deliver --format count") == 0);
  CHECK(kundehub.out == "1\n");
  CHECK(kundehub("welcome deliver --json") == 0);
  CHECK(nlohmann::json::parse(kundehub.out).empty());
  CHECK(kundehub("welcome deliver --json --fields nothing") == 2);
}

TEST_CASE("welcome deliver in quiet hours does not say that nothing was due") {
  Queue kundehub;
  kundehub.configure("welcome.quiet", "00:00-23:59");
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.said("nothing was tried; 3 mails wait until 23:59"));
  CHECK_FALSE(kundehub.said("nothing was due"));
  CHECK(kundehub("welcome deliver --dry-run") == 0);
  CHECK(kundehub.said("3 mails would be tried, after 23:59"));
}

TEST_CASE("welcome deliver tells of mails that a killed run has left uncertain") {
  Queue kundehub;
  kundehub.records.sql("UPDATE welcome SET state = 'sending', phase = 2, due_at = NULL, tries = 1 WHERE id = 2");
  CHECK(kundehub("welcome deliver --quiet") == 0);
  CHECK(kundehub.said("an earlier run was killed before the server answered: 1 mail is uncertain"));
  CHECK(kundehub.hint() == "kundehub welcome status --state uncertain");
}

TEST_CASE("welcome deliver names the setting at which the server balks") {
  const std::pair<const char*, const char*> cases[] = {{"MAIL=550 5.7.1 not from there", "mail.from"},
                                                       {"greeting=drop", "Port 465 is smtps://"}};
  for (const auto& [script, setting] : cases) {
    CAPTURE(script);
    Queue kundehub;
    const SmtpServer server(script);
    kundehub.configure("mail.transport", server.url());
    kundehub("welcome deliver");
    CHECK(kundehub.hint().find(setting) != std::string::npos);
  }
  Queue kundehub;
  kundehub.configure("mail.transport", "smtp://127.0.0.1:1");
  kundehub.configure("mail.username", "hub");
  CHECK(kundehub("welcome deliver") == 78);
  CHECK(kundehub.hint() == "kundehub config set mail.password_file FILE");
}

TEST_CASE("welcome deliver leaves the work to another that is running, unless that one hangs") {
  Shell kundehub;
  kundehub.on_files = true;
  REQUIRE(kundehub("init") == 0);
  kundehub.add_lund();
  REQUIRE(kundehub("welcome send 1001 --queue") == 0);
  const auto file = kundehub.folder() / "kundehub.db";
  kundehub::sqlite::SqliteStore other(file, kundehub::sqlite::Access::read);
  auto lease = other.try_delivery_lease(kundehub::Seconds(0));
  REQUIRE(lease);
  CHECK(kundehub("welcome deliver --json") == 0);
  CHECK(kundehub.out == "[]\n");
  CHECK(kundehub.said("another delivery is running"));
  std::filesystem::last_write_time(file.native() + ".send",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::minutes(16));
  CHECK(kundehub("welcome deliver") == 75);
  CHECK(kundehub.said("no progress for 16m"));
  CHECK(kundehub.mails().empty());
  lease.reset();
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.mails().size() == 1);
}

TEST_CASE("welcome deliver with another link key sends nothing") {
  Queue kundehub;
  kundehub.records.key = kundehub::LinkKey::generate();
  CHECK(kundehub("welcome deliver") != 0);
  CHECK(kundehub.said("link key"));
  CHECK(kundehub.mails().empty());
}

TEST_CASE("welcome deliver says what waits for its time") {
  Queue kundehub;
  kundehub.records.sql("UPDATE welcome SET state = 'deferred', due_at = due_at + 3600");
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.said("delivery run: nothing was due; 3 mails wait, the next one due on 2026-11-23 11:"));
}

TEST_CASE("in quiet hours mails stay queued, and that is no failure") {
  Queue kundehub;
  kundehub.configure("hub.time_zone", "UTC");
  kundehub.configure("welcome.quiet", "09:00-11:00");
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.said("quiet hours until 11:00: the mails wait in the queue"));
  CHECK(kundehub("welcome send contact:1") == 0);
  CHECK(kundehub("customer add --private 'Ida Holm' --email ida@holm.dk --hub --welcome") == 0);
  CHECK(kundehub.mails().empty());
  kundehub.configure("welcome.quiet", "11:00-09:00");
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.mails().size() == 4);
}

TEST_CASE("welcome deliver --rate takes a rate") {
  Queue kundehub;
  CHECK(kundehub("welcome deliver --rate 10") == 65);
  CHECK(kundehub.hint() == "write it as 10/s, 300/m or 1000/h");
  CHECK(kundehub("welcome deliver --rate 1000/s") == 0);
  CHECK(kundehub.states() == "sent sent sent");
}
