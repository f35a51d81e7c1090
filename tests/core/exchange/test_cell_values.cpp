#include <doctest/doctest.h>

#include "core/exchange/cell_values.hpp"
#include "core/exchange/name_table.hpp"
#include "tests/support/refusal.hpp"

namespace kundehub::exchange {
namespace {

TEST_CASE("a company is known by its form") {
  for (const char* name :
       {"Nordlys A/S", "Nordlys ApS", "Nordlys aps", "Nordlys I/S", "Nordlys IVS", "Nordlys K/S", "Nordlys P/S",
        "Acme Ltd.", "Acme GmbH", "Volvo AB", "Equinor AS", "Andel A.M.B.A.", "VVS v/Bo Ek", "Acme Inc"}) {
    CAPTURE(name);
    CHECK(has_company_form(name));
  }
  for (const char* name : {"Anna Berg", "Bo As", "ApS", "Søren Ab", "Lars", "", "Per Ågård"}) {
    CAPTURE(name);
    CHECK_FALSE(has_company_form(name));
  }
}

TEST_CASE("kinds, switches and languages are known by Danish and English words") {
  CHECK(kind_of_word("Privat") == CustomerKind::private_person);
  CHECK(kind_of_word("VIRKSOMHED") == CustomerKind::business);
  CHECK(kind_of_word("business") == CustomerKind::business);
  CHECK_FALSE(kind_of_word("kunde"));
  CHECK(switch_of_word("Ja") == true);
  CHECK(switch_of_word("nej") == false);
  CHECK_FALSE(switch_of_word("måske"));
  CHECK(language_of_word("Dansk") == Language::da);
  CHECK(language_of_word("English") == Language::en);
  CHECK_FALSE(language_of_word("de"));
}

TEST_CASE("countries have codes and names in Danish and English") {
  CHECK(country_of_word("Danmark").text() == "DK");
  CHECK(country_of_word("SWEDEN").text() == "SE");
  CHECK(country_of_word("de").text() == "DE");
  CHECK(country_of_word("Færøerne").text() == "FO");
  CHECK(country_of_word("UK").text() == "GB");
  CHECK(country_of_word("usa").text() == "US");
  CHECK(country_of_word("nld").text() == "NL");
  CHECK(test::refusal([] { country_of_word("Atlantis"); }).find("country \"Atlantis\" is not known") == 0);
}

TEST_CASE("what a spreadsheet has spoilt is seen") {
  for (const char* text : {"4,5E+07", "1.23457E+11", "1E-5"}) CHECK(is_shortened_number(text));
  for (const char* text : {"", "E", "1E5", "45000000", "Vej 1E", "+45 12345678", "2E+x"})
    CHECK_FALSE(is_shortened_number(text));
  for (const char* text : {"#N/A", "#NAVN?", "S\uFFFDren", "SÃ¸ren"}) CHECK_FALSE(damage(text, CellKind::text).empty());
  for (const char* text : {"####", "8000.0", "22334455,00"}) {
    CHECK_FALSE(damage(text, CellKind::digits).empty());
    CHECK(damage(text, CellKind::text).empty());
  }
  for (const char* text : {"#", "#1", "nr #4", "", "1.2", ".0", "São"}) CHECK(damage(text, CellKind::digits).empty());
}

TEST_CASE("a postal code of the country's length less one has lost its zero") {
  CHECK(has_lost_zero("800", Country::parse("DK")));
  CHECK(has_lost_zero("1067", Country::parse("DE")));
  CHECK_FALSE(has_lost_zero("8000", Country::parse("DK")));
  CHECK_FALSE(has_lost_zero("111", Country::parse("SE")));
  CHECK_FALSE(has_lost_zero("DK8", Country::parse("DK")));
}

TEST_CASE("names are folded to letters and digits") {
  CHECK(folded_name(" CVR-nr. ") == "cvrnr");
  CHECK(folded_name("Bemærkning Ø Å") == "bemaerkningoeaa");
  CHECK(folded_name("A\u030a") == "aa");  // NFD
}

}  // namespace
}  // namespace kundehub::exchange
