#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

TEST_CASE("contact edit changes what is given and nothing else") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.records.now += kundehub::Seconds(60);
  ordered_json anna = kundehub.json(
      "contact edit anna@nordlys.dk --first-name Åse --phone 12345678 --title Chef --language en --no-hub");
  CHECK(anna["first_name"] == "Åse");
  CHECK(anna["last_name"] == "Berg");
  CHECK(anna["title"] == "Chef");
  CHECK(anna["language"] == "en");
  CHECK(anna["hub"] == "off");
  CHECK(anna["hub_changed_at"] == "2026-11-23T10:01:00Z");
  CHECK(anna["email"] == "anna@nordlys.dk");
  anna = kundehub.json("contact edit contact:1 --unset title --unset phone --unset language --hub");
  CHECK(anna["title"].is_null());
  CHECK(anna["phone"].is_null());
  CHECK(anna["language"] == "da");
  CHECK(anna["hub"] == "on");
}

TEST_CASE("contact edit --primary takes the mark from the contact that has it") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub.json("contact edit contact:2 --primary")["primary"] == true);
  CHECK(kundehub.json("contact show contact:1")["primary"] == false);
}

TEST_CASE("contact edit refuses what makes no sense") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("contact edit contact:1") == 2);
  CHECK(kundehub.message() == "nothing to change was given");
  CHECK(kundehub.hint() == "give the fields as options, such as --phone: kundehub help contact edit");
  for (const char* field : {"email", "first_name", "last_name"}) {
    CHECK(kundehub(std::string("contact edit contact:1 --unset ") + field) == 65);
    CHECK(kundehub.message().starts_with("a business contact needs a"));
  }
  CHECK(kundehub("contact edit contact:1 --unset emial") == 2);
  CHECK(kundehub.hint() == "did you mean email");
  CHECK(kundehub("contact edit contact:1 --email nonsense") == 65);
  CHECK(kundehub("contact edit contact:9 --title x") == 3);
  CHECK(kundehub.json("contact show contact:1")["email"] == "anna@nordlys.dk");
}

TEST_CASE("contact edit --welcome sends a mail, though nothing else is changed") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub.json("contact edit contact:1 --welcome")["welcome"] == "sent");
  CHECK(kundehub.mails().size() == 1);
  kundehub.configure("mail.transport", "smtp://127.0.0.1:1");
  CHECK(kundehub("contact edit contact:1 --email new@nordlys.dk --welcome") == 5);
  CHECK(kundehub.json("contact show contact:1")["email"] == "new@nordlys.dk");
}
