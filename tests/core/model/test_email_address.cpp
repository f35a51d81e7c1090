#include "core/model/email_address.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"

using namespace kundehub;

namespace {

/// Why the address is refused; "accepted" if it is not.
std::string refusal(const std::string& text) {
  try {
    EmailAddress::parse(text);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::bad_data);
    return error.what();
  }
  return "accepted";
}

bool refuses(const std::string& text, const std::string& why) {
  const std::string said = refusal(text);
  INFO(said);
  return said.find(why) != std::string::npos;
}

/// An address of `local` characters before the @ and `total` in all, in labels that are short enough.
std::string address_of(std::size_t local, std::size_t total) {
  std::string address = std::string(local, 'a') + '@';
  while (total - address.size() > 64) address += std::string(60, 'd') + '.';
  return address + std::string(total - address.size() - 3, 'e') + ".dk";
}

}  // namespace

TEST_CASE("an address is kept as it was typed, with its domain in lower case") {
  CHECK(EmailAddress::parse("Anna.Berg+hub@Example.DK").text() == "Anna.Berg+hub@example.dk");
  CHECK(EmailAddress::parse("  anna@example.dk\t").text() == "anna@example.dk");
  CHECK(EmailAddress::parse("!#$%&'*+-/=?^_`{|}~@x-1.dk").text() == "!#$%&'*+-/=?^_`{|}~@x-1.dk");
  CHECK(EmailAddress::parse("a@1.2.3.dk").text() == "a@1.2.3.dk");
  CHECK(EmailAddress::parse("anna@RØDGRØD.dk").text() == "anna@rødgrød.dk");
}

TEST_CASE("addresses that differ in case only are the same") {
  const auto typed = EmailAddress::parse("Anna@Example.dk");
  CHECK(typed == EmailAddress::parse("ANNA@EXAMPLE.DK"));
  CHECK(typed.key() == "anna@example.dk");
  CHECK_FALSE(typed == EmailAddress::parse("anna@example.com"));
}

TEST_CASE("limits of length are those of RFC 5321") {
  CHECK(refusal(address_of(64, 120)) == "accepted");
  CHECK(refuses(address_of(65, 120), "has more than 64 characters before the @"));
  CHECK(refusal(address_of(20, 254)) == "accepted");
  CHECK(refuses(address_of(20, 255), "is longer than 254 characters"));
  CHECK(refusal("a@" + std::string(63, 'b') + ".dk") == "accepted");
  CHECK(refuses("a@" + std::string(64, 'b') + ".dk", "has a malformed domain"));
  CHECK(refuses(std::string(100'000, 'a') + "@example.dk", "characters"));
}

TEST_CASE("limits of length are those of the domain in lower case, which may have more bytes") {
  std::string label;
  for (int i = 0; i < 31; ++i) label += "\u023A";  // two bytes, and three in lower case
  CHECK(refuses("a@" + label + ".dk", "has a malformed domain"));
  const std::string longer = label.substr(0, 40);
  const std::string domain = longer + '.' + longer + '.' + longer + '.' + longer + '.' + longer + ".dk";
  CHECK(refuses("a@" + domain, "is longer than 254 characters"));
  const std::string kept = EmailAddress::parse("a@" + longer + ".dk").text();
  CHECK(EmailAddress::parse(kept).text() == kept);
}

TEST_CASE("what is no address is refused with the reason") {
  CHECK(refuses("", "has no @"));
  CHECK(refuses("anna", "has no @"));
  CHECK(refuses("anna@home@example.dk", "has more than one @"));
  CHECK(refuses("a@x.dk,b@y.dk", "has more than one @"));
  CHECK(refuses("@example.dk", "has a malformed part before the @"));
  CHECK(refuses(".anna@example.dk", "has a malformed part before the @"));
  CHECK(refuses("an..na@example.dk", "has a malformed part before the @"));
  CHECK(refuses("anna.@example.dk", "has a malformed part before the @"));
  CHECK(refuses("anna@example", "has a domain without a dot"));
  CHECK(refuses("anna@", "has a domain without a dot"));
  CHECK(refuses("anna@example.dk.", "has a malformed domain"));
  CHECK(refuses("anna@.dk", "has a malformed domain"));
  CHECK(refuses("anna@-x.dk", "has a malformed domain"));
  CHECK(refuses("anna@x-.dk", "has a malformed domain"));
  CHECK(refuses("anna@exa mple.dk", "has a malformed domain"));
}

TEST_CASE("what could smuggle a command or a header into SMTP is refused") {
  CHECK(refuses("\"anna berg\"@example.dk", "has a malformed part before the @"));
  CHECK(refuses("\"\"@example.dk", "has a malformed part before the @"));
  CHECK(refuses("a@x>.dk", "has a malformed domain"));
  CHECK(refuses("<a@x.dk", "has a malformed part before the @"));
  CHECK(refuses("a@x.dk> SIZE=1", "has a malformed domain"));
  CHECK(refuses("a@[127.0.0.1]", "has a malformed domain"));
  CHECK(refuses("a@127.0.0.1", "has a number for a domain"));
  CHECK(refuses("anna@example.dk\r\nBcc: x@y.dk", "contains a line break"));
  CHECK(refuses("anna@example.dk\nRCPT TO:<x@y.dk>", "contains a line break"));
  CHECK(refuses(std::string("anna\0@example.dk", 16), "contains a control character"));
  CHECK(refuses("anna\x1b[2J@example.dk", "contains a control character"));
  CHECK(refuses("anna@example.dk\u2028x", "contains a line break"));
  CHECK(refuses("a(comment)@example.dk", "has a malformed part before the @"));
  CHECK(refuses("a;b@example.dk", "has a malformed part before the @"));
  CHECK(refuses("a\\b@example.dk", "has a malformed part before the @"));
}

TEST_CASE("letters of other scripts are for domains only") {
  CHECK(refuses("jørgen@rødgrød.dk", "has a letter beyond a to z before the @"));
  CHECK(refusal("jorgen@rødgrød.dk") == "accepted");
  CHECK(refuses("ann\u200Ba@example.dk", "contains an invisible character"));
  CHECK(refuses("anna@ex\u202Eample.dk", "turns the direction of text"));
  CHECK(refuses("anna@ex\xF8mple.dk", "is not valid UTF-8"));
}

TEST_CASE("a refused address is quoted so that it cannot harm a terminal, with the form that is wanted") {
  try {
    EmailAddress::parse("an\x1b[2Jna");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find('\x1b') == std::string::npos);
    CHECK(std::string(error.what()).find("\\u{1B}") != std::string::npos);
  }
  try {
    EmailAddress::parse("anna");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(std::string(error.what()) == "e-mail address \"anna\" has no @");
    CHECK(error.hint() == "write it as name@example.dk");
  }
}
