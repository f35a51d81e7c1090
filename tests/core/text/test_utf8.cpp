#include <string>

#include <doctest/doctest.h>

#include "core/text/utf8.hpp"

using namespace kundehub::text;
using namespace std::string_literals;

TEST_CASE("well-formed UTF-8 is told from everything that is not") {
  CHECK(is_valid_utf8(""));
  CHECK(is_valid_utf8("Søren Åkjær"));
  CHECK(is_valid_utf8("\0"s));
  CHECK(is_valid_utf8("\xED\x9F\xBF\xEE\x80\x80"));  // U+D7FF and U+E000, around the surrogates
  CHECK(is_valid_utf8("\xF4\x8F\xBF\xBF"));          // U+10FFFF
  CHECK_FALSE(is_valid_utf8("S\xF8ren"));            // Windows-1252
  CHECK_FALSE(is_valid_utf8("\xC0\xAF"));            // overlong, two bytes
  CHECK_FALSE(is_valid_utf8("\xC1\xBF"));
  CHECK_FALSE(is_valid_utf8("\xE0\x80\xAF"));              // overlong, three bytes
  CHECK_FALSE(is_valid_utf8("\xF0\x80\x80\xAF"));          // overlong, four bytes
  CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));              // surrogate U+D800
  CHECK_FALSE(is_valid_utf8("\xED\xA0\xBD\xED\xB8\x80"));  // a pair of them (CESU-8)
  CHECK_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));          // U+110000
  CHECK_FALSE(is_valid_utf8("\xF8\x88\x80\x80\x80"));
  CHECK_FALSE(is_valid_utf8("\x80"));
  CHECK_FALSE(is_valid_utf8("abc\xC3"));  // cut off
  CHECK_FALSE(is_valid_utf8("abc\xE2\x82"));
  CHECK_FALSE(is_valid_utf8("\xC3("));
}

TEST_CASE("NFC makes one å of the two ways to write it") {
  CHECK(nfc("A\u030Ase") == "Åse");
  CHECK(nfc("Åse") == "Åse");
  CHECK(nfc("\u212Bse") == "Åse");  // the sign of the unit
  CHECK(nfc("") == "");
  CHECK(nfc("a\0\u030A"s) == "a\0\u030A"s);
}

TEST_CASE("case folding covers ASCII, Latin-1, the rest, and both ways to write å") {
  CHECK(fold_case("SØREN ÆBLE Åse Þ É") == "søren æble åse þ é");
  CHECK(fold_case("A\u030ASE") == "åse");
  CHECK(fold_case("STRASSE") == fold_case("Straße"));
  CHECK(fold_case("3 × 4 ÷ 2") == "3 × 4 ÷ 2");
  CHECK(fold_case("ŁÓDŹ") == "łódź");
  CHECK(fold_case("ΣΑΣ") == fold_case("σας"));
  CHECK(fold_case("ẞ") == "ss");
  CHECK(fold_case("") == "");
}

TEST_CASE("the short way for Latin-1 folds as the long way does") {
  for (char low = '\x80'; low <= '\xBF'; ++low) {
    const std::string letter = "\xC3"s + low;
    // A letter beyond Latin-1 in the text sends it the long way.
    CHECK(fold_case(letter) + "ł" == fold_case(letter + "ł"));
  }
}
