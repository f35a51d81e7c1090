#include <array>
#include <random>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "core/text/search_pattern.hpp"

using namespace kundehub;
using text::MatchPlace;

namespace {

/// What matches, in brackets; `~` before a loose match; "-" for none.
std::string found(std::string_view pattern, std::string_view text) {
  const text::SearchPattern wanted(pattern);
  const auto match = wanted.find(text);
  if (!match) return "-";
  CHECK(wanted.may_match("before\n" + std::string(text) + "\nbehind"));
  return (match->is_loose ? "~[" : "[") + std::string(text.substr(match->begin, match->end - match->begin)) + "]";
}

MatchPlace place(std::string_view pattern, std::string_view text) {
  return text::SearchPattern(pattern).find(text)->place;
}

}  // namespace

TEST_CASE("every spelling of a Danish letter is found") {
  for (const char* pattern : {"soren", "SØREN", "sören", "soeren", "SoReN", "So\u0308ren"}) {
    CAPTURE(pattern);
    CHECK(found(pattern, "Hr. Søren Lund") == "[Søren]");
    CHECK(found(pattern, "Sören") == "[Sören]");
  }
  for (const char* pattern : {"aarhus", "århus", "ÅRHUS", "AARHUS"}) {
    CAPTURE(pattern);
    CHECK(found(pattern, "Ny Århus ApS") == "[Århus]");
    CHECK(found(pattern, "Aarhus C") == "[Aarhus]");
  }
  CHECK(found("arhus", "Århus") == "[Århus]");
  CHECK(found("laerke", "Lærke") == "[Lærke]");
  CHECK(found("lærke", "LAERKE") == "[LAERKE]");
  CHECK(found("ostergård", "Østergaard") == "[Østergaard]");
  CHECK(found("oestergaard", "Østergård") == "[Østergård]");
  CHECK(found("muller", "Müller") == "[Müller]");
  CHECK(found("mueller", "Müller") == "[Müller]");
  CHECK(found("andre", "André") == "[André]");
  CHECK(found("weiss", "Weiß") == "[Weiß]");
  CHECK(found("dvorak", "Dvořák") == "[Dvořák]");
}

TEST_CASE("a letter without its sign is found last, and not in a short word") {
  CHECK(found("Søren", "Soren") == "~[Soren]");
  CHECK(found("Søren", "Soeren") == "[Soeren]");
  CHECK(found("Åse", "Ase") == "~[Ase]");
  CHECK(found("å", "Maria") == "-");
  CHECK(found("joe", "Jens John") == "-");
  CHECK(found("aarhus", "Arhus") == "-");
}

TEST_CASE("the best place of several counts") {
  CHECK(place("berg", "Berg") == MatchPlace::whole);
  CHECK(place("berg", "Bergs") == MatchPlace::start);
  CHECK(place("berg", "Esbergs Berg-Olsen") == MatchPlace::word_start);
  CHECK(place("berg", "anna@berg.dk") == MatchPlace::word_start);
  CHECK(place("berg", "Esberg") == MatchPlace::inside);
  CHECK(found("berg", "Esberg Berg") == "[Berg]");
}

TEST_CASE("nothing is found by nothing, and in nothing") {
  CHECK(text::SearchPattern("").is_empty());
  CHECK(text::SearchPattern("  ").is_empty());
  CHECK_FALSE(text::SearchPattern(" a ").is_empty());
  CHECK(found("a", "") == "-");
  CHECK(found("ø", "\u0301") == "-");
}

TEST_CASE("many special letters do not make a search slow") {
  std::string rings;
  for (int i = 0; i < 200; ++i) rings += "å";
  CHECK(found(rings, rings) == "[" + rings + "]");
  CHECK(found(rings + "x", rings + "y") == "-");
  CHECK(found(std::string(300, 'a') + "x", rings + "y") == "-");
}

TEST_CASE("a quick look denies no text that matches") {
  constexpr std::array<std::string_view, 24> letters{"a", "A", "e",  "o", "u",       "r",      "R",      "s",
                                                     "n", " ", "\t", "1", "æ",       "Ø",      "å",      "ä",
                                                     "é", "í", "ß",  "Œ", "o\u0308", "\uff33", "\u0301", "ç"};
  std::mt19937 random(1);
  const auto word = [&](std::size_t most) {
    std::string text;
    for (std::size_t left = 1 + random() % most; left > 0; --left) text += letters.at(random() % letters.size());
    return text;
  };
  int matches = 0, denied = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string pattern = word(4), text = word(12);
    const text::SearchPattern wanted(pattern);
    if (wanted.is_empty()) continue;
    CAPTURE(pattern);
    CAPTURE(text);
    const bool does_match = wanted.find(text).has_value(), may_match = wanted.may_match(text);
    CHECK_FALSE((does_match && !may_match));
    matches += does_match ? 1 : 0;
    denied += may_match ? 0 : 1;
  }
  CHECK(matches > 1000);
  CHECK(denied > 2000);
}

TEST_CASE("a quick look passes over most texts") {
  const text::SearchPattern wanted("Blåbærgrød");
  CHECK(wanted.may_match("1001\nBlaabaergroed ApS\n12345678"));
  CHECK_FALSE(wanted.may_match("1001\nNordlys Regnskab ApS\n12345678\npost@nordlys.example"));
  CHECK_FALSE(wanted.may_match("1001\nØstergård & Søn\n12345678\npost@østergård.example"));
}
