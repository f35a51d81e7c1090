#include "core/model/selector.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "tests/support/refusal.hpp"

using namespace kundehub;
using kundehub::test::refusal;

TEST_CASE("a customer is named by number, id, CVR number or address") {
  CHECK(std::get<CustomerNumber>(parse_customer_selector("1042")).text() == "1042");
  CHECK(std::get<CustomerNumber>(parse_customer_selector("list")).text() == "list");
  CHECK(std::get<CustomerId>(parse_customer_selector("id:7")) == CustomerId{7});
  CHECK(std::get<Cvr>(parse_customer_selector("cvr:13585628")).text() == "13585628");
  CHECK(std::get<EmailAddress>(parse_customer_selector("email:anna@example.dk")).text() == "anna@example.dk");
  CHECK(std::get<EmailAddress>(parse_customer_selector("anna@example.dk")).text() == "anna@example.dk");
}

TEST_CASE("a selector that cannot name a customer is refused") {
  CHECK(refusal([] { parse_customer_selector("id:0"); }) == "\"id:0\" does not end in a whole number above 0 / ");
  for (const char* text : {"id:", "id:-1", "id:1x", "id: 1", "id:99999999999999999999", "cvr:1", "email:anna", ""}) {
    CAPTURE(text);
    CHECK(refusal([&] { parse_customer_selector(text); }) != "accepted");
  }
  CHECK(refusal([] { parse_customer_selector("contact:3"); }) ==
        "\"contact:3\" is a contact, and a customer is wanted / kundehub contact show contact:3 --fields customer");
}

TEST_CASE("a contact is named by id or address") {
  CHECK(std::get<ContactId>(parse_contact_selector("contact:12")) == ContactId{12});
  CHECK(std::get<EmailAddress>(parse_contact_selector("Anna@example.dk")).key() == "anna@example.dk");
  CHECK(refusal([] { parse_contact_selector("12"); }) ==
        "\"12\" does not name a contact / name a contact by e-mail address or as contact:N, as kundehub contact list "
        "--format ids prints it");
  CHECK(refusal([] { parse_contact_selector("contact:x"); }) ==
        "\"contact:x\" does not end in a whole number above 0 / ");
}

TEST_CASE("a word is told to be a contact or a customer") {
  CHECK(names_contact("contact:1"));
  CHECK(names_contact("anna@example.dk"));
  CHECK_FALSE(names_contact("email:anna@example.dk"));
  CHECK_FALSE(names_contact("1042"));
  CHECK_FALSE(names_contact("id:1"));
  CHECK_FALSE(names_contact("cvr:13585628"));
}
