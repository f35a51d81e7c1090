#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;
using std::chrono::days;

namespace {

/// The states of all mails, oldest first.
std::string states(Shell& kundehub) {
  return kundehub.records.value("SELECT group_concat(state, ' ') FROM (SELECT state FROM welcome ORDER BY id)");
}

/// What became of all links, oldest first: `live`, `used`, or why they ended.
std::string links(Shell& kundehub) {
  return kundehub.records.value(
      "SELECT group_concat(coalesce(ended_by, iif(used_at IS NULL, 'live', 'used')), ' ') FROM "
      "(SELECT * FROM login_link ORDER BY contact_id, generation)");
}

constexpr const char* add_carl = "contact add 1001 'Carl Lund <carl@nordlys.dk>'";

}  // namespace

TEST_CASE("R7: the welcome mail goes out with the customer, with the contact, later, and again") {
  Shell kundehub;
  CHECK(kundehub("customer add --private 'Carl Lund' --email carl@lund.dk --hub --module projects --welcome") == 0);
  CHECK(kundehub.mails().size() == 1);
  CHECK(kundehub("customer add --business Nordlys --contact 'Anna Berg <a@x.dk>' --contact 'Bo Ek <b@x.dk>' --hub "
                 "--module projects --welcome") == 0);
  CHECK(kundehub.mails().size() == 3);
  CHECK(kundehub("contact add 1002 'Dora Dam <d@x.dk>' --welcome") == 0);
  CHECK(kundehub.mails().size() == 4);
  CHECK(kundehub("contact add 1002 'Eva Eg <e@x.dk>'") == 0);
  CHECK(kundehub.mails().size() == 4);
  CHECK(kundehub("welcome send e@x.dk") == 0);
  CHECK(kundehub.mails().size() == 5);
  CHECK(kundehub("welcome send e@x.dk") == 0);
  CHECK(kundehub.mails().size() == 5);
  CHECK(kundehub("welcome resend e@x.dk") == 0);
  CHECK(kundehub.mails().size() == 6);
}

TEST_CASE("R8: a new contact's own switch is on, unless --no-hub says otherwise") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub.json(add_carl)["hub"] == "on");
  CHECK(kundehub.json("contact add 1001 'Dora Dam <dora@nordlys.dk>' --no-hub")["hub"] == "off");
  CHECK(kundehub.json("contact add 1001 'Eva Eg <eva@nordlys.dk>' --hub")["hub"] == "on");
}

TEST_CASE("R8: at a terminal a new contact's mail is asked about, and the answer counts") {
  for (const auto& [answer, mails] : {std::pair{"y\n", 1}, {"yes\n", 1}, {"j\n", 1}, {"n\n", 0}, {"\n", 0}, {"", 0}}) {
    CAPTURE(answer);
    Shell kundehub;
    kundehub.add_nordlys();
    kundehub.at_terminal(answer);
    CHECK(kundehub(add_carl) == 0);
    CHECK(kundehub.said("Send the welcome mail to carl@nordlys.dk now? [y/N]"));
    CHECK(kundehub.mails().size() == static_cast<std::size_t>(mails));
    CHECK(kundehub.json("contact list 1001").size() == 3);
  }
}

TEST_CASE("R8: nobody is asked in a script, with --yes or --no-input, or when the answer is given") {
  for (const char* option : {"--yes", "--no-input", "--no-welcome", "--no-hub", "--dry-run"}) {
    CAPTURE(option);
    Shell kundehub;
    kundehub.add_nordlys();
    kundehub.at_terminal("y\n");
    CHECK(kundehub(std::string(add_carl) + ' ' + option) == 0);
    CHECK_FALSE(kundehub.said("[y/N]"));
    CHECK(kundehub.mails().empty());
  }
  Shell script;
  script.add_nordlys();
  CHECK(script(add_carl) == 0);
  CHECK_FALSE(script.said("[y/N]"));
  CHECK(script.mails().empty());
  CHECK(script("contact add 1001 'Dora Dam <dora@nordlys.dk>' --welcome") == 0);
  CHECK(script.mails().size() == 1);
}

TEST_CASE("R8: nobody is asked about a mail that cannot go") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("hub revoke 1001");
  kundehub.at_terminal("y\n");
  CHECK(kundehub(add_carl) == 0);
  CHECK_FALSE(kundehub.said("[y/N]"));
  kundehub("hub grant 1001 --no-welcome");
  kundehub.configure("mail.transport", "");
  CHECK(kundehub("contact add 1001 'Dora Dam <dora@nordlys.dk>'") == 0);
  CHECK_FALSE(kundehub.said("[y/N]"));
  CHECK(kundehub.said("no welcome mail can be sent yet: see kundehub config set mail.transport"));
  CHECK(kundehub.mails().empty());
}

TEST_CASE("R9: a private customer is created with access and mail in one command") {
  Shell kundehub;
  CHECK(kundehub("customer add --private 'Carl Lund' --email carl@lund.dk --hub --module projects --welcome") == 0);
  CHECK(kundehub("hub explain carl@lund.dk") == 0);
  CHECK(kundehub.mails().size() == 1);
}

TEST_CASE("R9: at a terminal a new customer's mail is asked about, as R8") {
  const std::string add = "customer add --private 'Carl Lund' --email carl@lund.dk";
  for (const auto& [answer, mails] : {std::pair{"y\n", 1}, {"n\n", 0}, {"", 0}}) {
    CAPTURE(answer);
    Shell kundehub;
    kundehub.at_terminal(answer);
    CHECK(kundehub(add + " --hub") == 0);
    CHECK(kundehub.said("Send the welcome mail now? [y/N]"));
    CHECK(kundehub.mails().size() == static_cast<std::size_t>(mails));
    CHECK(kundehub.json("customer list").size() == 1);
  }
  for (const char* options :
       {"", "--no-hub", "--hub --yes", "--hub --no-input", "--hub --no-welcome", "--hub --dry-run"}) {
    CAPTURE(options);
    Shell kundehub;
    kundehub.at_terminal("y\n");
    CHECK(kundehub(add + ' ' + options) == 0);
    CHECK_FALSE(kundehub.said("[y/N]"));
    CHECK(kundehub.mails().empty());
  }
}

TEST_CASE("R9: a private customer without an address, or a business without contacts, is not asked about") {
  Shell kundehub;
  kundehub.at_terminal("y\n");
  CHECK(kundehub("customer add --private 'Carl Lund' --hub") == 0);
  CHECK_FALSE(kundehub.said("[y/N]"));
  CHECK(kundehub("customer add --business Nordlys --hub") == 0);
  CHECK_FALSE(kundehub.said("[y/N]"));
  CHECK(kundehub("customer add --business Sydlys --hub --contact 'Anna Berg <a@x.dk>'") == 0);
  CHECK(kundehub.said("[y/N]"));
  CHECK(kundehub.mails().size() == 1);
}

TEST_CASE("R13: who loses access or address loses the link, and the mail in the queue") {
  struct Case {
    const char *line, *why;
  };
  for (const Case& change : {Case{"hub revoke 1001", "revoked"},
                             {"hub revoke 1001 --contact contact:1", "revoked"},
                             {"customer edit 1001 --no-hub", "revoked"},
                             {"contact edit contact:1 --no-hub", "revoked"},
                             {"contact edit contact:1 --email new@lund.dk", "email_changed"},
                             {"contact edit contact:1 --email new@lund.dk --no-hub", "revoked"},
                             {"customer edit 1001 --email new@lund.dk", "email_changed"},
                             {"customer edit 1001 --unset email", "email_changed"}}) {
    CAPTURE(change.line);
    Shell kundehub;
    kundehub.add_lund();
    kundehub("welcome send 1001");
    kundehub("welcome resend 1001 --queue");
    REQUIRE(states(kundehub) == "sent queued");
    CHECK(kundehub(change.line) == 0);
    CHECK(links(kundehub) == change.why);
    CHECK(states(kundehub) == "sent cancelled");
    CHECK(kundehub("hub explain contact:1") == 10);
    CHECK(kundehub("welcome deliver") == 0);
    CHECK(kundehub.mails().size() == 1);
  }
}

TEST_CASE("R13: of a business only those lose their links whom it concerns") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub("welcome send contact:2 --queue");
  SUBCASE("one contact revoked") {
    CHECK(kundehub("hub revoke 1001 --contact contact:1") == 0);
    CHECK(links(kundehub) == "revoked live");
    CHECK(states(kundehub) == "sent queued");
  }
  SUBCASE("one contact's address") {
    CHECK(kundehub("contact edit contact:2 --email new@nordlys.dk") == 0);
    CHECK(links(kundehub) == "live email_changed");
    CHECK(states(kundehub) == "sent cancelled");
  }
  SUBCASE("all access") {
    CHECK(kundehub("hub revoke 1001") == 0);
    CHECK(links(kundehub) == "revoked revoked");
    CHECK(states(kundehub) == "sent cancelled");
  }
  SUBCASE("only a module, or the business's billing address, or the contact's name") {
    CHECK(kundehub("hub revoke 1001 --module projects") == 0);
    CHECK(kundehub("customer edit 1001 --email regning@nordlys.dk --name Sydlys") == 0);
    CHECK(kundehub("contact edit contact:1 --last-name Bech --phone 12345678 --language en") == 0);
    CHECK(kundehub("contact edit contact:1 --email Anna@NORDLYS.dk") == 0);
    CHECK(links(kundehub) == "live live");
    CHECK(states(kundehub) == "sent queued");
  }
}

TEST_CASE("R13: a deleted contact's link is gone, its mail leaves the queue and stays as a record") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub("welcome send contact:2 --queue");
  CHECK(kundehub("contact delete contact:1 contact:2 --yes") == 0);
  CHECK(kundehub.records.value("SELECT count(*) FROM login_link") == "0");
  CHECK(states(kundehub) == "sent cancelled");
  CHECK(kundehub.records.value("SELECT count(*) FROM welcome WHERE contact_id IS NULL") == "2");
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.mails().size() == 1);
}

TEST_CASE("R13: after a change of address the new one gets a mail of its own, with a link of its own") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  CHECK(kundehub("contact edit contact:1 --email new@nordlys.dk") == 0);
  CHECK(kundehub.said(
      "1 login link that had gone out no longer works\n"
      "whoever is to get in again needs a new welcome mail\nnew@nordlys.dk needs a welcome mail of its own"));
  CHECK(kundehub.hint() == "kundehub welcome send contact:1");
  CHECK(kundehub("welcome send contact:1") == 0);
  CHECK(links(kundehub) == "email_changed live");
  CHECK(kundehub("contact edit contact:1 --email newer@nordlys.dk --welcome") == 0);
  CHECK_FALSE(kundehub.said("needs a welcome mail"));
  CHECK(links(kundehub) == "email_changed email_changed live");
  CHECK(kundehub.mails().size() == 3);
  CHECK(kundehub.json("welcome status contact:1")[0]["email"] == "newer@nordlys.dk");
}

TEST_CASE("R13: a link that was revoked stays dead when access comes back") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send 1001");
  kundehub("hub revoke 1001");
  kundehub("hub grant 1001 --all-contacts");
  CHECK(links(kundehub) == "revoked revoked");
  CHECK(kundehub("hub explain contact:1") == 10);
  kundehub("welcome resend contact:1");
  CHECK(links(kundehub) == "revoked live revoked");
  CHECK(kundehub("hub explain contact:1") == 0);
}

TEST_CASE("R13: a mail that waits is not lost in silence when its contact is changed, revoked or deleted") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send 1001 --queue");
  CHECK(kundehub("contact edit anna@nordlys.dk --email new@nordlys.dk") == 0);
  CHECK(kundehub.said("1 welcome mail that waited is cancelled\n"));
  CHECK(kundehub.said("new@nordlys.dk needs a welcome mail of its own\nhint: kundehub welcome send contact:1"));
  CHECK(kundehub("contact delete bo@nordlys.dk --yes") == 0);
  CHECK(kundehub.said("1 welcome mail that waited is cancelled\n"));
  kundehub("welcome send 1001 --queue");
  CHECK(kundehub("customer edit 1001 --no-hub --dry-run") == 0);
  CHECK_FALSE(kundehub.said("cancelled"));
  CHECK(kundehub("customer edit 1001 --no-hub") == 0);
  CHECK(kundehub.said("1 welcome mail that waited is cancelled\n"));
  kundehub("hub grant 1001");
  CHECK_FALSE(kundehub.said("a revoke has ended it"));  // none had gone out
}

TEST_CASE("of a mail that waits the chain says so, and no second command is proposed") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1 --queue");
  CHECK(kundehub("hub explain contact:1") == 10);
  CHECK(kundehub.out.find("no login link is out yet: the welcome mail is queued") != std::string::npos);
  CHECK(kundehub.out.find("kundehub welcome status contact:1") != std::string::npos);
}
