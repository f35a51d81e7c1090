#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/golden.hpp"
#include "tests/support/mail_fixture.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;

TEST_CASE("welcome preview shows the mail as the contact would read it, and sends nothing") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("welcome preview contact:1") == 0);
  check_golden("welcome_preview", kundehub.out);
  CHECK(kundehub("welcome preview 1001") == 0);
  CHECK(kundehub.out.find("To: Anna Berg <anna@nordlys.dk>") != std::string::npos);
  kundehub("contact edit contact:2 --language en --primary");
  CHECK(kundehub("welcome preview 1001 --text") == 0);
  CHECK(kundehub.out.find("Monday 30 November 2026 at 10:00") != std::string::npos);
  CHECK(kundehub("welcome preview contact:1 --html") == 0);
  CHECK(kundehub.out.starts_with("<!DOCTYPE html>"));
  CHECK(kundehub("welcome preview contact:1 --raw") == 0);
  CHECK(kundehub.out.find("Auto-Submitted: auto-generated") != std::string::npos);
  CHECK(kundehub.mails().empty());
  CHECK(kundehub.records.value("SELECT count(*) FROM welcome") == "0");
}

TEST_CASE("welcome preview shows the real link on request only, and only one that works") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("welcome preview contact:1 --reveal-link") == 4);
  CHECK(kundehub.message() ==
        "contact:1 (Anna Berg <anna@nordlys.dk>) has no link that works: the next mail gets a new one");
  CHECK(kundehub.hint().starts_with("kundehub welcome "));
  kundehub("welcome send contact:1");
  const auto link = kundehub.records.begin(kundehub::OperationMode::dry_run)->live_link(kundehub::ContactId{1});
  const std::string token = kundehub.records.key.token(link->contact, link->generation, link->nonce);
  CHECK(kundehub("welcome preview contact:1 --reveal-link --text") == 0);
  CHECK(kundehub.out.find("/welcome?token=" + token) != std::string::npos);
  CHECK(kundehub("welcome preview contact:1 --text") == 0);
  CHECK(kundehub.out.find("/welcome?token=" + std::string(43, '*')) != std::string::npos);
  CHECK(kundehub.records.value("SELECT count(*) FROM login_link") == "1");
}

TEST_CASE("welcome preview into a file") {
  Shell kundehub;
  kundehub.add_nordlys();
  const std::string file = (kundehub.folder() / "mail.txt").native();
  CHECK(kundehub("welcome preview contact:1 --text -o " + file) == 0);
  CHECK(kundehub.out == "");
  CHECK(kundehub::mail_test::read_file(file).find("Anna") != std::string::npos);
  CHECK(kundehub("welcome preview contact:1 --text --output -") == 0);
  CHECK_FALSE(kundehub.out.empty());
  CHECK(kundehub("welcome preview contact:1 -o /proc/nowhere/x") == 73);
}

TEST_CASE("welcome preview wants one target and one form") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("welcome preview") == 2);
  CHECK(kundehub("welcome preview 1001 1001") == 2);
  CHECK(kundehub("welcome preview 1001 --raw --text") == 2);
  CHECK(kundehub("welcome preview 9999") == 3);
  kundehub.configure("hub.url", "");
  CHECK(kundehub("welcome preview 1001") == 78);
  CHECK(kundehub.hint() == "kundehub config set hub.url https://hub.example.dk");
}
