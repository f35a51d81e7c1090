#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/text/collation.hpp"

using namespace kundehub;

TEST_CASE("names stand in the order of a Danish list") {
  const std::vector<std::string> sorted{
      "",      " ",        "(Nord) ApS", "10 Fodbold", "3F",       "Abe",      "Abild",  "AÅ",     "André", "Andrea",
      "Bo Ek", "Bo-Ek",    "Bob",        "Jensen",     "jensen",   "Jensén",   "Müller", "Mylius", "Zoo",   "Æble",
      "Ærø",   "Østerbro", "Öster-Ås",   "Åbo",        "Aabenraa", "aabenraa", "Århus",  "Aarhus", "Łódź A"};
  std::vector<std::string> keys;
  for (const std::string& name : sorted) keys.push_back(text::danish_sort_key(name));
  CHECK(text::danish_sort_key("Aarhus") > text::danish_sort_key("Århus"));
  CHECK(text::danish_sort_key("Aarhus") < text::danish_sort_key("Århusa"));
  CHECK(text::danish_sort_key("Aabenraa") > text::danish_sort_key("Zoo"));
  CHECK(text::danish_sort_key("Jensen") < text::danish_sort_key("jensen"));
  CHECK(text::danish_sort_key("Andre") < text::danish_sort_key("André"));
  CHECK(text::danish_sort_key("André") < text::danish_sort_key("Andrea"));
  CHECK(text::danish_sort_key("Jyrgen") < text::danish_sort_key("Jürgen"));
  CHECK(text::danish_sort_key("Jürgen") < text::danish_sort_key("Jyrger"));
  CHECK(text::danish_sort_key("A\u030Ase") == text::danish_sort_key("Åse"));
}

TEST_CASE("a sort key has no zero byte, whatever the text") {
  for (const char* name : {"Ω-gruppen", "日本", "🙂 ApS", "а", "\u0301", "٣"}) {
    CAPTURE(name);
    CHECK(text::danish_sort_key(name).find('\0') == std::string::npos);
    CHECK(text::danish_sort_key(name) != text::danish_sort_key(""));
  }
}
