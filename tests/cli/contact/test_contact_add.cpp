#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

struct Business : Shell {
  Business() { (*this)("customer add --business Nordlys --hub --module projects"); }
  std::string contacts() { return records.value("SELECT count(*) FROM contact"); }
};

}  // namespace

TEST_CASE("contact add keeps every field that is given, by mailbox, by options, or both") {
  Business kundehub;
  const ordered_json anna = kundehub.json(
      "contact add 1001 'Åse Bæk Holm <ase@Example.DK>' --phone 12345678 --title Bogholder --language en --primary");
  const ordered_json expected = {{"id", "contact:1"},
                                 {"customer", "1001"},
                                 {"customer_name", "Nordlys"},
                                 {"first_name", "Åse Bæk"},
                                 {"last_name", "Holm"},
                                 {"email", "ase@example.dk"},
                                 {"phone", "12345678"},
                                 {"title", "Bogholder"},
                                 {"language", "en"},
                                 {"hub", "on"},
                                 {"hub_changed_at", "2026-11-23T10:00:00Z"},
                                 {"primary", true},
                                 {"welcome", "none"},
                                 {"welcome_at", nullptr},
                                 {"sends", 0},
                                 {"access", false},
                                 {"created_at", "2026-11-23T10:00:00Z"},
                                 {"updated_at", "2026-11-23T10:00:00Z"},
                                 {"only_modules", nullptr}};
  CHECK(anna == expected);
  const ordered_json bo = kundehub.json("contact add 1001 --first-name Bo --last-name Ek --email bo@x.dk");
  CHECK(bo["first_name"] == "Bo");
  CHECK(bo["language"] == "da");
  const ordered_json eva = kundehub.json("contact add 1001 'Eva Eg <eva@x.dk>' --last-name Egeskov");
  CHECK(eva["last_name"] == "Egeskov");
}

TEST_CASE("contact add prints the new contact in the chosen format") {
  Business kundehub;
  CHECK(kundehub("contact add 1001 'Anna Berg <anna@x.dk>' --format ids") == 0);
  CHECK(kundehub.out == "contact:1\n");
  CHECK(kundehub("contact add id:1 'Bo Ek <bo@x.dk>' --format csv --fields id,email,primary") == 0);
  CHECK(kundehub.out == "id,email,primary\ncontact:2,bo@x.dk,false\n");
  CHECK(kundehub("contact add 1001 'Eva Eg <eva@x.dk>'") == 0);
  CHECK(kundehub.out.starts_with("id              contact:3\n"));
}

TEST_CASE("contact add refuses what is no contact, and whom it cannot belong to") {
  Business kundehub;
  CHECK(kundehub("contact add 7 'Anna Berg <anna@x.dk>'") == 3);
  CHECK(kundehub.message() == "no customer \"7\"");
  CHECK(kundehub.hint() == "kundehub customer list");
  for (const char* rest : {"anna@x.dk", "' Berg <anna@x.dk>'", "'Anna Berg <anna@x>'", "'Anna Berg <anna@x.dk'",
                           "'Anna Berg <a@x.dk>, Bo Ek <b@x.dk>'", "", "--first-name Anna --last-name Berg",
                           "--email a@x.dk", "'Anna Berg <a@x.dk>' --language de", "'Anna Berg <a@x.dk>' --phone x"}) {
    CAPTURE(rest);
    CHECK(kundehub(std::string("contact add 1001 ") + rest) == 65);
    CHECK_FALSE(kundehub.hint().empty());
  }
  CHECK(kundehub.run({"contact", "add", "1001", "Anna Berg <anna@x.dk\r\nBcc: x@y.dk>"}) == 65);
  CHECK(kundehub("contact add") == 2);
  CHECK(kundehub("contact add 1001 'Anna Berg <a@x.dk>' 'Bo Ek <b@x.dk>'") == 2);
  CHECK(kundehub.contacts() == "0");
}

TEST_CASE("the first contact is the primary one, until another is made so") {
  Business kundehub;
  CHECK(kundehub.json("contact add 1001 'Anna Berg <anna@x.dk>'")["primary"] == true);
  CHECK(kundehub.json("contact add 1001 'Bo Ek <bo@x.dk>'")["primary"] == false);
  CHECK(kundehub.json("contact add 1001 'Eva Eg <eva@x.dk>' --primary")["primary"] == true);
  CHECK(kundehub.json("contact show contact:1")["primary"] == false);
}

TEST_CASE("contact add --welcome sends the mail and prints what became of it") {
  Business kundehub;
  const ordered_json anna = kundehub.json("contact add 1001 'Anna Berg <anna@x.dk>' --welcome");
  CHECK(anna["welcome"] == "sent");
  CHECK(anna["sends"] == 1);
  CHECK(anna["access"] == true);
  CHECK(kundehub.mails().size() == 1);
  CHECK(kundehub.said("welcome mail to contact:1 (Anna Berg <anna@x.dk>): sent"));
  kundehub.configure("mail.transport", "smtp://127.0.0.1:1");
  CHECK(kundehub("contact add 1001 'Bo Ek <bo@x.dk>' --welcome") == 5);
  CHECK(kundehub.contacts() == "2");
  kundehub.configure("mail.transport", "");
  CHECK(kundehub("contact add 1001 'Eva Eg <eva@x.dk>' --welcome") == 78);
  CHECK(kundehub.contacts() == "2");
}

TEST_CASE("contact add takes a name without an address, and --email") {
  Shell kundehub;
  kundehub("customer add --business Nordlys");
  CHECK(kundehub("contact add 1001 'Per Ås' --email per@nordlys.dk") == 0);
  CHECK(kundehub.json("contact show contact:1")["last_name"] == "Ås");
  CHECK(kundehub("contact add 1001 'Per Ås'") == 65);
}
