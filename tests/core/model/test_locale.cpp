#include "core/model/locale.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "tests/support/refusal.hpp"

using namespace kundehub;
using kundehub::test::refusal;

TEST_CASE("there are two languages") {
  CHECK(parse_language("da") == Language::da);
  CHECK(parse_language("en") == Language::en);
  CHECK(to_string(Language::da) == "da");
  CHECK(to_string(Language::en) == "en");
  for (const char* text : {"", "DA", "dk", "da_DK"}) {
    CAPTURE(text);
    CHECK(refusal([&] { parse_language(text); }) ==
          "language \"" + std::string(text) + "\" is not known / use da or en");
  }
}

TEST_CASE("a country is an assigned code of two letters in either case") {
  CHECK(Country::parse("DK").text() == "DK");
  CHECK(Country::parse("se").text() == "SE");
  CHECK(Country::parse("Gl").text() == "GL");
  CHECK(Country::parse("AD").text() == "AD");
  CHECK(Country::parse("ZW").text() == "ZW");
  for (const char* text : {"", "D", "DKK", "XX", "UK", "D ", " A", "A ", "12", "Æ"}) {
    CAPTURE(text);
    CHECK(refusal([&] { Country::parse(text); }) ==
          "country \"" + std::string(text) +
              "\" is not known / use a code of two letters from ISO 3166-1, such as DK, SE or DE");
  }
}
