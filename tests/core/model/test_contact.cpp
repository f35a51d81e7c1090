#include "core/model/contact.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "tests/support/refusal.hpp"

using namespace kundehub;
using kundehub::test::refusal;

namespace {

const std::string form = " / write it as \"First Last <mail@example.dk>\"";

}  // namespace

TEST_CASE("the last word of a mailbox's name is the last name") {
  const ContactData contact = parse_mailbox("Åse Bæk Holm <ase@Example.DK>");
  CHECK(contact.first_name == "Åse Bæk");
  CHECK(contact.last_name == "Holm");
  CHECK(contact.email->text() == "ase@example.dk");
  CHECK(contact.full_name() == "Åse Bæk Holm");
  CHECK(contact.hub == HubSwitch::on);
  CHECK_FALSE(contact.primary);
  CHECK_FALSE(contact.language);
}

TEST_CASE("a mailbox may be written with more or fewer blanks") {
  const ContactData tight = parse_mailbox("  Anna Berg<anna@example.dk>");
  CHECK(tight.first_name == "Anna");
  CHECK(tight.last_name == "Berg");
  const ContactData wide = parse_mailbox("Anna   Berg   < anna@example.dk >");
  CHECK(wide.first_name == "Anna");
  CHECK(wide.last_name == "Berg");
  CHECK(wide.email->text() == "anna@example.dk");
}

TEST_CASE("what is no contact is refused with the form that is wanted") {
  const auto parse = [](const std::string& text) { return refusal([&] { parse_mailbox(text); }); };
  CHECK(parse("") == "\"\" is not a contact" + form);
  CHECK(parse("anna@example.dk") == "\"anna@example.dk\" is not a contact" + form);
  CHECK(parse("Anna Berg <anna@example.dk> x") == "\"Anna Berg <anna@example.dk> x\" is not a contact" + form);
  CHECK(parse("Berg <anna@example.dk>") == "\"Berg <anna@example.dk>\" lacks a first or a last name" + form);
  CHECK(parse("<anna@example.dk>") == "\"<anna@example.dk>\" lacks a first or a last name" + form);
  CHECK(parse("Anna Berg <anna@example>").starts_with("e-mail address \"anna@example\" has a domain without a dot"));
  CHECK(parse("Anna Berg <>").starts_with("e-mail address \"\" has no @"));
  CHECK(parse("Anna Berg <a@x.dk\r\nBcc: b@y.dk>").find("contains a line break") != std::string::npos);
  CHECK(parse("Anna Berg <a@x.dk>, Bo Ek <b@y.dk>") != "accepted");
}

TEST_CASE("a name of one word is a first name") {
  ContactData contact;
  set_full_name(contact, " Madonna ");
  CHECK(contact.first_name == "Madonna");
  CHECK(contact.last_name == "");
  CHECK(contact.full_name() == "Madonna");
  set_full_name(contact, "Anna Maria Berg");
  CHECK(contact.first_name == "Anna Maria");
  CHECK(contact.last_name == "Berg");
  set_full_name(contact, "");
  CHECK(contact.full_name() == "");
}

TEST_CASE("a business's contact needs both names and an address") {
  ContactData contact = parse_mailbox("Anna Berg <anna@example.dk>");
  CHECK_NOTHROW(check_business_contact(contact));
  contact.email.reset();
  CHECK(refusal([&] { check_business_contact(contact); }) == "a business contact needs an e-mail address" + form);
  contact.last_name.clear();
  CHECK(refusal([&] { check_business_contact(contact); }) == "a business contact needs a last name" + form);
  contact.first_name.clear();
  CHECK(refusal([&] { check_business_contact(contact); }) == "a business contact needs a first name" + form);
}

TEST_CASE("R1: a private customer's contact is the customer") {
  CustomerData customer;
  customer.kind = CustomerKind::private_person;
  customer.name = "Bo Emil Lund";
  customer.email = EmailAddress::parse("bo@lund.dk");
  customer.phone = "12345678";
  customer.language = Language::en;
  customer.hub = HubSwitch::on;
  const ContactData contact = contact_of_private(customer);
  CHECK(contact.first_name == "Bo Emil");
  CHECK(contact.last_name == "Lund");
  CHECK(contact.email == customer.email);
  CHECK(contact.phone == "12345678");
  CHECK(contact.language == Language::en);
  CHECK(contact.hub == HubSwitch::on);
  CHECK(contact.primary);
}

TEST_CASE("each field of a contact is set, read and cleared by its name") {
  ContactData contact;
  for (const auto& [name, value] : {std::pair{"first_name", "Anna"},
                                    {"last_name", "Berg"},
                                    {"email", "anna@example.dk"},
                                    {"phone", "12345678"},
                                    {"title", "Bogholder"},
                                    {"language", "en"}}) {
    CAPTURE(name);
    const ContactField& field = contact_field(name);
    field.set(contact, value);
    CHECK(field.get(contact) == value);
    field.set(contact, "");
    CHECK(field.get(contact) == "");
  }
  CHECK(contact_fields().size() == 6);
  CHECK(refusal([] { contact_field("frist_name"); }, ErrorKind::usage) ==
        "a contact has no field \"frist_name\" / did you mean first_name");
  CHECK(refusal([] { contact_field("zzz"); }, ErrorKind::usage) ==
        "a contact has no field \"zzz\" / fields: first_name last_name email phone title language");
}
