#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

/// The one contact of private customer `number`.
ordered_json own_contact(Shell& kundehub, const std::string& number) {
  const ordered_json contacts = kundehub.json("contact list " + number);
  REQUIRE(contacts.size() == 1);
  return contacts[0];
}

/// Checks that customer and contact say the same, as `name`, `email`, … say.
void check_in_step(Shell& kundehub, const ordered_json& expected) {
  const ordered_json contact = own_contact(kundehub, "1001");
  const ordered_json customer = kundehub.json("customer show 1001");
  CHECK(customer["name"] == expected["first_name"].get<std::string>() + " " + expected["last_name"].get<std::string>());
  for (const char* field : {"first_name", "last_name"}) CHECK(contact[field] == expected[field]);
  for (const char* field : {"email", "phone", "language", "hub"}) {
    CAPTURE(field);
    CHECK(contact[field] == expected[field]);
    CHECK(customer[field] == expected[field]);
  }
}

}  // namespace

TEST_CASE("R1: a private customer is their own contact, in step from the start") {
  Shell kundehub;
  REQUIRE(
      kundehub("customer add --private 'Carl Emil Lund' --email carl@lund.dk --phone 12345678 --language en --hub") ==
      0);
  check_in_step(kundehub, {{"first_name", "Carl Emil"},
                           {"last_name", "Lund"},
                           {"email", "carl@lund.dk"},
                           {"phone", "12345678"},
                           {"language", "en"},
                           {"hub", "on"}});
  CHECK(own_contact(kundehub, "1001")["primary"] == true);
}

TEST_CASE("R1: a change of the customer is one of the contact, and the other way round") {
  Shell kundehub;
  kundehub.add_lund();
  SUBCASE("customer edit") {
    REQUIRE(kundehub("contact edit contact:1 --title Ejer") == 0);
    REQUIRE(kundehub("customer edit 1001 --name 'Karl Lundt' --email karl@lundt.dk --phone 87654321 --language en "
                     "--no-hub") == 0);
    CHECK(own_contact(kundehub, "1001")["title"] == "Ejer");
  }
  SUBCASE("contact edit") {
    REQUIRE(kundehub("contact edit contact:1 --first-name Karl --last-name Lundt --email karl@lundt.dk "
                     "--phone 87654321 --language en --no-hub") == 0);
  }
  check_in_step(kundehub, {{"first_name", "Karl"},
                           {"last_name", "Lundt"},
                           {"email", "karl@lundt.dk"},
                           {"phone", "87654321"},
                           {"language", "en"},
                           {"hub", "off"}});
}

TEST_CASE("R1: grant and revoke turn both switches of a private customer") {
  Shell kundehub;
  kundehub.add_lund();
  REQUIRE(kundehub("hub revoke 1001") == 0);
  CHECK(own_contact(kundehub, "1001")["hub"] == "off");
  REQUIRE(kundehub("hub grant 1001") == 0);
  CHECK(own_contact(kundehub, "1001")["hub"] == "on");
  REQUIRE(kundehub("hub revoke 1001 --contact carl@lund.dk") == 0);
  CHECK(kundehub.json("customer show 1001")["hub"] == "off");
}

TEST_CASE("R1: a private customer gets no other contact, and loses not the one") {
  Shell kundehub;
  kundehub.add_lund();
  CHECK(kundehub("contact add 1001 'Anna Berg <anna@example.dk>'") == 4);
  CHECK(kundehub.message() == "customer 1001 is private: a private customer is their own contact and has no others");
  CHECK(kundehub.hint() == "change the person with kundehub customer edit 1001, or add a business");
  CHECK(kundehub("contact delete contact:1 --yes") == 4);
  CHECK(kundehub.message() ==
        "customer 1001 is private: a private customer is their own contact, which cannot be deleted alone");
  CHECK(kundehub.hint() == "take the access away with kundehub hub revoke 1001");
  CHECK(kundehub("customer add --private 'Dora Dam' --contact 'Anna Berg <anna@example.dk>'") == 4);
  CHECK(kundehub.message() == "a private customer is their own contact and has no others");
  CHECK(kundehub.hint() == "create a business, or leave out --contact and give the person's --email");
  CHECK(kundehub.records.value("SELECT count(*) FROM contact") == "1");
  CHECK(kundehub.records.value("SELECT count(*) FROM customer") == "1");
}

TEST_CASE("R1: nobody is asked about a deletion or a mail that the rule refuses") {
  Shell kundehub;
  kundehub.add_lund();
  kundehub.at_terminal("y\n");
  CHECK(kundehub("contact delete contact:1") == 4);
  CHECK_FALSE(kundehub.said("[y/N]"));
  CHECK(kundehub("contact add 1001 'Anna Berg <anna@example.dk>'") == 4);
  CHECK_FALSE(kundehub.said("[y/N]"));
}

TEST_CASE("R2: a business has as many contacts as it likes, or none") {
  Shell kundehub;
  REQUIRE(kundehub("customer add --business Nordlys") == 0);
  CHECK(kundehub.json("customer list")[0]["contacts"] == 0);
  for (int i = 0; i < 150; ++i) {
    const std::string n = std::to_string(i);
    REQUIRE(kundehub("contact add 1001 'Person Nr" + n + " <p" + n + "@example.dk>'") == 0);
  }
  CHECK(kundehub.json("customer list")[0]["contacts"] == 150);
  CHECK(kundehub("contact list 1001 --format count") == 0);
  CHECK(kundehub.out == "150\n");
}

TEST_CASE("R3: a business without contacts cannot be given access, and the refusal names the remedy") {
  Shell kundehub;
  kundehub("customer add --business Nordlys");
  for (const char* line : {"hub grant 1001", "hub grant 1001 --all-contacts", "hub grant 1001 --module projects"}) {
    CAPTURE(line);
    CHECK(kundehub(line) == 4);
    CHECK(kundehub.message() == "customer 1001 has no contacts: a business needs one before HUB access can be granted");
    CHECK(kundehub.hint() == "kundehub contact add 1001 \"First Last <mail@example.dk>\"");
  }
  CHECK(kundehub.json("customer show 1001")["hub"] == "off");
  CHECK(kundehub.json("customer show 1001")["modules"].empty());
}

TEST_CASE("R3: of several customers those with contacts are granted access, and the others are told") {
  Shell kundehub;
  kundehub("customer add --business Tom");
  kundehub("customer add --business Nordlys --contact 'Anna Berg <anna@example.dk>'");
  CHECK(kundehub("hub grant 1001 1002") == 5);
  CHECK(kundehub.said("warning: customer 1001 has no contacts"));
  CHECK(kundehub.hint() == "kundehub contact add 1001 \"First Last <mail@example.dk>\"");
  CHECK(kundehub.json("customer show 1001")["hub"] == "off");
  CHECK(kundehub.json("customer show 1002")["hub"] == "on");
  CHECK(kundehub("hub grant 1001 9999") == 3);
  CHECK(kundehub("hub grant 1001") == 4);
}

TEST_CASE("R4: the HUB and modules are settings that may be on before there is a contact") {
  Shell kundehub;
  REQUIRE(kundehub("customer add --business A --hub --module projects --module invoices") == 0);
  CHECK(kundehub.json("customer show 1001")["hub"] == "on");
  CHECK(kundehub.json("customer show 1001")["modules"] == ordered_json::array({"invoices", "projects"}));
  REQUIRE(kundehub("customer add --business B") == 0);
  REQUIRE(kundehub("customer edit 1002 --hub") == 0);
  CHECK(kundehub.json("customer show 1002")["hub"] == "on");
}

TEST_CASE("R4: the last contact may go, with a warning") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("contact delete contact:1 --yes") == 0);
  CHECK_FALSE(kundehub.said("warning"));
  CHECK(kundehub("contact delete contact:2 --yes") == 0);
  CHECK(kundehub.said("warning: customer 1001 has no contacts left: nobody may log in for it"));
  CHECK(kundehub.hint() == "kundehub contact add 1001 \"First Last <mail@example.dk>\"");
  CHECK(kundehub.json("customer show 1001")["hub"] == "on");
}

TEST_CASE("R10: a business is created with its contacts, or gets them later") {
  Shell kundehub;
  REQUIRE(kundehub("customer add --business Nordlys --contact 'Anna Berg <anna@example.dk>' "
                   "--contact 'Bo Ek <bo@example.dk>'") == 0);
  REQUIRE(kundehub("contact add 1001 'Carl Lund <carl@example.dk>'") == 0);
  const ordered_json contacts = kundehub.json("contact list 1001");
  REQUIRE(contacts.size() == 3);
  CHECK(contacts[0]["primary"] == true);
  CHECK(contacts[1]["primary"] == false);
  CHECK(contacts[2]["primary"] == false);
  CHECK(contacts[2]["email"] == "carl@example.dk");
}

TEST_CASE("R10: if one of the contacts will not do, there is no customer either") {
  Shell kundehub;
  CHECK(kundehub("customer add --business Nordlys --contact 'Anna Berg <anna@example.dk>' --contact 'Bo <bo@x.dk>'") ==
        65);
  CHECK(kundehub.hint() == "write it as \"First Last <mail@example.dk>\"");
  CHECK(kundehub.records.value("SELECT count(*) FROM customer") == "0");
  CHECK(kundehub.records.value("SELECT count(*) FROM operation") == "0");
}

TEST_CASE("R11: new customers start with the defaults for new customers, and no mail goes out unasked") {
  Shell kundehub;
  kundehub.configure("new_customer.hub", "true");
  kundehub.configure("new_customer.modules", "projects,invoices");
  kundehub.configure("new_customer.country", "SE");
  kundehub.configure("new_customer.language", "en");
  REQUIRE(kundehub("customer add --private 'Carl Lund' --email carl@lund.dk") == 0);
  const ordered_json customer = kundehub.json("customer show 1001");
  CHECK(customer["hub"] == "on");
  CHECK(customer["modules"] == ordered_json::array({"invoices", "projects"}));
  CHECK(customer["country"] == "SE");
  CHECK(customer["language"] == "en");
  CHECK(kundehub.mails().empty());
  REQUIRE(kundehub("customer add --business B --no-hub --module timesheets --country NO --language da") == 0);
  const ordered_json other = kundehub.json("customer show 1002");
  CHECK(other["hub"] == "off");
  CHECK(other["modules"] == ordered_json::array({"timesheets"}));
  CHECK(other["country"] == "NO");
}

TEST_CASE("R12: an address is unique within a customer, whatever its case, and the refusal names the remedy") {
  Shell kundehub;
  kundehub.add_nordlys();
  for (const char* line : {"contact add 1001 'Anna Bech <anna@nordlys.dk>'", "contact add 1001 'A B <ANNA@Nordlys.DK>'",
                           "contact edit contact:2 --email anna@nordlys.dk"}) {
    CAPTURE(line);
    CHECK(kundehub(line) == 4);
    CHECK(kundehub.message().starts_with("the customer already has a contact \""));
    REQUIRE(kundehub.hint().starts_with("kundehub contact show "));
    CHECK(kundehub(kundehub.hint().substr(9)) == 0);  // the remedy works as it is printed
  }
  CHECK(kundehub("customer add --business B --contact 'A B <a@x.dk>' --contact 'C D <A@x.dk>'") == 4);
  CHECK_FALSE(kundehub.hint().empty());
  CHECK(kundehub.records.value("SELECT count(*) FROM customer") == "1");
  CHECK(kundehub.records.value("SELECT group_concat(email) FROM contact") == "anna@nordlys.dk,bo@nordlys.dk");
}

TEST_CASE("R12: one address may serve several customers, and has to be told apart then") {
  Shell kundehub;
  kundehub.add_nordlys();
  REQUIRE(kundehub("customer add --business Sydlys --contact 'Anna Berg <anna@nordlys.dk>'") == 0);
  CHECK(kundehub("contact show anna@nordlys.dk") == 4);
  CHECK(kundehub.message() ==
        "\"anna@nordlys.dk\" is a contact of several customers: contact:1 at customer 1001 (Nordlys ApS), contact:3 at "
        "customer 1002 (Sydlys)");
  CHECK(kundehub.hint() == "name the contact as contact:N, or add --customer NUMBER");
  CHECK(kundehub("contact show anna@nordlys.dk --customer 1002 --format ids") == 0);
  CHECK(kundehub.out == "contact:3\n");
  CHECK(kundehub("contact show contact:1") == 0);
}
