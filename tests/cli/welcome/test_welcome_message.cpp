#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;

namespace {

bool contains(const std::string& text, std::string_view piece) {
  return text.find(piece) != std::string::npos;
}

}  // namespace

TEST_CASE("the admin's own words stand in the mail, also when it is delivered later") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("welcome send contact:1 --message 'See you on Monday'") == 0);
  CHECK(contains(kundehub.mails().at(0), "See you on Monday"));
  CHECK(kundehub("welcome send contact:2 --message 'Tak for i tirsdags' --queue") == 0);
  CHECK(kundehub.json("welcome status contact:2")[0]["message"] == "Tak for i tirsdags");
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(contains(kundehub.mails().at(0) + kundehub.mails().at(1), "Tak for i tirsdags"));
  CHECK(kundehub("welcome resend contact:1") == 0);
  CHECK(kundehub.records.value("SELECT count(message) FROM welcome") == "0");  // no text of a mail is kept
}

TEST_CASE("the words may come from a file or stdin, in several lines") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.pipe("first line\nsecond line\n");
  CHECK(kundehub("welcome send contact:1 --message-file -") == 0);
  CHECK(contains(kundehub.mails().at(0), "first line"));
  CHECK(contains(kundehub.mails().at(0), "second line"));
  CHECK(kundehub("welcome send contact:2 --message-file /nonexistent") == 66);
  CHECK(kundehub("welcome send contact:2 --message a --message-file b") == 2);
  CHECK(kundehub("welcome send --ids-from - --message-file -") == 2);
  CHECK(kundehub("welcome send contact:2 --message '" + std::string(2001, 'x') + "'") == 65);
  CHECK(kundehub.mails().size() == 1);
}

TEST_CASE("a mail that waits gets the new words, and one that was taken keeps its own") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1 --queue --message old");
  kundehub("welcome resend contact:1 --queue --message new");
  CHECK(kundehub.records.value("SELECT group_concat(state || ' ' || message) FROM welcome") == "queued new");
  kundehub("welcome resend contact:1 --queue");
  CHECK(kundehub.records.value("SELECT count(*) FROM welcome") == "2");
  kundehub("welcome deliver");
  CHECK(contains(kundehub.mails().at(0), "new"));
}

TEST_CASE("a mail that may have arrived keeps its words, so that it cannot arrive twice") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1 --queue --message old");
  kundehub.records.sql("UPDATE welcome SET state = 'uncertain', tries = 1");
  const std::string id = kundehub.records.value("SELECT message_id FROM welcome");
  CHECK(kundehub("welcome resend contact:1 --message new") == 4);
  CHECK(kundehub.hint() == "leave out the message, or give that mail up: kundehub welcome cancel contact:1");
  CHECK(kundehub("welcome resend contact:1") == 0);
  CHECK(kundehub.records.value("SELECT group_concat(message_id) FROM welcome") == id);
  CHECK(contains(kundehub.mails().at(0), "old"));
}

TEST_CASE("an empty message is no message") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("welcome send contact:1 --message ''") == 65);
  kundehub.pipe("\n");
  CHECK(kundehub("welcome send contact:1 --message-file -") == 65);
  CHECK(kundehub.mails().empty());
}

TEST_CASE("preview shows the words, and sends a test mail whose link is dead") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("welcome preview contact:1 --message 'See you on Monday'") == 0);
  CHECK(contains(kundehub.out, "See you on Monday"));
  CHECK(kundehub("welcome preview contact:1 --send-to me@example.dk --message Hello") == 0);
  CHECK(kundehub.said("test mail to me@example.dk: sent"));
  REQUIRE(kundehub.mails().size() == 1);
  const std::string mail = kundehub.mails().at(0);
  CHECK(contains(mail, "To: me@example.dk"));
  CHECK(contains(mail, "Subject: [test] "));
  CHECK(contains(mail, "Hello"));
  CHECK(kundehub.json("welcome status").empty());
  CHECK(kundehub.records.value("SELECT count(*) FROM login_link") == "0");
}

TEST_CASE("preview sends no test mail to nowhere, with a working link, or in a dry run") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("welcome preview contact:1 --send-to nonsense") == 65);
  CHECK(kundehub("welcome preview contact:1 --send-to me@example.dk --reveal-link") == 2);
  CHECK(kundehub("welcome preview contact:1 --send-to me@example.dk --raw") == 2);
  CHECK(kundehub("welcome preview contact:1 --send-to me@example.dk --dry-run") == 0);
  kundehub.configure("mail.transport", "smtp://127.0.0.1:1");
  CHECK(kundehub("welcome preview contact:1 --send-to me@example.dk") == 75);
  CHECK(kundehub.mails().empty());
}

TEST_CASE("welcome status finds the mails of one wording and one day") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  const std::string old_words = kundehub.json("welcome status contact:1")[0]["template"];
  std::filesystem::create_directories(kundehub.folder() / "templates");
  std::ofstream(kundehub.folder() / "templates" / "welcome.da.txt") << "Subject: A\n\n{{link}}\n";
  kundehub("welcome send contact:2");
  CHECK(kundehub("welcome status --format ids --template " + old_words) == 0);
  CHECK(kundehub.out == "contact:1\n");
  CHECK(kundehub.json("welcome status --sent-since 2026-11-24").empty());
  CHECK(kundehub.json("welcome status --sent-since 2026-11-23 --sent-before 2026-11-24").size() == 2);
  CHECK(kundehub.json("welcome status --sent-before 2026-11-23").empty());
}
