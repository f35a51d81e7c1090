#include <string>

#include <doctest/doctest.h>

#include "core/text/search_pattern.hpp"

using namespace kundehub;
using text::MatchPlace;

namespace {

/// What matches, in brackets; `~` before a loose match; "-" for none.
std::string found(std::string_view pattern, std::string_view text) {
  const auto match = text::SearchPattern(pattern).find(text);
  if (!match) return "-";
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
