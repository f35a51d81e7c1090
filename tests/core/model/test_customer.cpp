#include "core/model/customer.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "tests/support/refusal.hpp"

using namespace kundehub;
using kundehub::test::refusal;

TEST_CASE("each field of a customer is set and read by its name") {
  CustomerData customer;
  for (const auto& [name, value] : {std::pair{"name", "Nordlys ApS"},
                                    {"cvr", "13585628"},
                                    {"email", "regning@nordlys.dk"},
                                    {"phone", "12345678"},
                                    {"address", "Søndergade 1, 2. tv."},
                                    {"zip", "8000"},
                                    {"city", "Aarhus"},
                                    {"country", "SE"},
                                    {"language", "en"},
                                    {"website", "https://nordlys.dk"},
                                    {"notes", "første linje\nanden\tlinje"}}) {
    CAPTURE(name);
    customer_field(name).set(customer, value);
    CHECK(customer_field(name).get(customer) == value);
  }
  CHECK(customer_fields().size() == 11);
}

TEST_CASE("an empty text clears a customer's field, or brings the default back") {
  CustomerData customer;
  for (const CustomerField& field : customer_fields()) {
    CAPTURE(field.name);
    if (field.name == "name") continue;
    field.set(customer, "");
    CHECK(field.get(customer) == (field.name == "country" ? "DK" : field.name == "language" ? "da" : ""));
  }
  CHECK(refusal([&] { customer_field("name").set(customer, " "); }) == "a customer needs a name / ");
}

TEST_CASE("an unknown field answers with the nearest known one") {
  CHECK(refusal([] { customer_field("emial"); }, ErrorKind::usage) ==
        "a customer has no field \"emial\" / did you mean email");
  CHECK(refusal([] { customer_field("qqqq"); }, ErrorKind::usage) ==
        "a customer has no field \"qqqq\" / fields: name cvr email phone address zip city country language website "
        "notes");
}

TEST_CASE("hostile text in a field is refused, or kept as it is") {
  CustomerData customer;
  const auto set = [&](const char* field, const std::string& text) {
    return refusal([&] { customer_field(field).set(customer, text); });
  };
  CHECK(set("name", "Nordlys\r\nBcc: x@y.dk").find("contains a line break") != std::string::npos);
  CHECK(set("name", "Nord\x1b]52;c;aGk=\x07lys").find("contains a control character") != std::string::npos);
  CHECK(set("name", "Nord\u0085lys") != "accepted");
  CHECK(set("name", "Nord\u202Elys").find("turns the direction") != std::string::npos);
  CHECK(set("name", std::string(201, 'x')).find("has 201 characters, and 200 are allowed") != std::string::npos);
  CHECK(set("zip", std::string(21, '1')).find("20 are allowed") != std::string::npos);
  CHECK(set("notes", std::string("a\0b", 3)).find("contains a control character") != std::string::npos);
  for (const char* harmless : {"{{link}} %s ${HOME}", "<script>alert(1)</script>", "=HYPERLINK(\"x\")",
                               "'; DROP TABLE customer; --", "-rf", "日本語"}) {
    CAPTURE(harmless);
    CHECK(set("name", harmless) == "accepted");
    CHECK(customer.name == harmless);
  }
}

TEST_CASE("text is kept composed, so that what looks alike is alike") {
  CustomerData customer;
  customer_field("name").set(customer, "A\u030Ase");
  CHECK(customer.name == "Åse");
}

TEST_CASE("only a business has a CVR number") {
  CustomerData customer;
  customer.name = "Nordlys";
  customer.cvr = Cvr::parse("13585628");
  CHECK_NOTHROW(check(customer));
  customer.kind = CustomerKind::private_person;
  CHECK(refusal([&] { check(customer); }) ==
        "a private customer has no CVR number / create the customer with --business, or leave out --cvr");
  customer = {};
  CHECK(refusal([&] { check(customer); }) == "a customer needs a name / ");
}

TEST_CASE("a tag is a word or two") {
  CHECK(parse_tag(" vip ") == "vip");
  CHECK(parse_tag("to ord") == "to ord");
  CHECK(parse_tag("[a]") == "[a]");
  CHECK(parse_tag(std::string(50, 'x')).size() == 50);
  CHECK(refusal([] { parse_tag("a,b"); }) == "\"a,b\" is not a tag / a tag is a word or two, without commas");
  CHECK(refusal([] { parse_tag(" "); }) == "\" \" is not a tag / a tag is a word or two, without commas");
  CHECK(refusal([] { parse_tag(std::string(51, 'x')); }) != "accepted");
  CHECK(refusal([] { parse_tag("a\nb"); }) != "accepted");
}

TEST_CASE("a sorted list holds each value once") {
  std::vector<std::string> tags;
  for (const char* tag : {"b", "a", "c", "b", "a"}) insert_sorted(tags, tag);
  CHECK(tags == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("kinds and switches have one name each") {
  for (const char* kind : {"business", "private"}) CHECK(to_string(parse_customer_kind(kind)) == kind);
  CHECK(refusal([] { parse_customer_kind("firma"); }) == "kind \"firma\" is not known / use business or private");
  CHECK(to_string(HubSwitch::on) == "on");
  CHECK(to_string(HubSwitch::off) == "off");
}
