#include <array>
#include <string>

#include <doctest/doctest.h>

#include "core/text/nearest.hpp"

using namespace kundehub::text;

namespace {

constexpr std::array<std::string_view, 8> nouns{"customer", "contact", "hub",  "welcome",
                                                "portal",   "config",  "undo", "log"};

std::string guess(std::string_view word) {
  return nearest(word, nouns).value_or("nothing");
}

}  // namespace

TEST_CASE("slips of the fingers find the name that was meant") {
  CHECK(guess("custmer") == "customer");    // left out
  CHECK(guess("custommer") == "customer");  // doubled
  CHECK(guess("cutsomer") == "customer");   // swapped
  CHECK(guess("cudtomer") == "customer");   // beside the key
  CHECK(guess("customers") == "customer");
  CHECK(guess("contcat") == "contact");
  CHECK(guess("hubb") == "hub");
  CHECK(guess("hbu") == "hub");
  CHECK(guess("WELCOME") == "welcome");
  CHECK(guess("udno") == "undo");
}

TEST_CASE("a beginning finds the name, the shortest one first") {
  CHECK(guess("cust") == "customer");
  CHECK(guess("con") == "config");
  CHECK(guess("w") == "welcome");
  constexpr std::array<std::string_view, 3> verbs{"rm", "resend", "redeem"};
  CHECK(nearest("re", verbs) == "resend");
}

TEST_CASE("what is not near finds nothing") {
  CHECK(guess("") == "nothing");
  CHECK(guess("zzz") == "nothing");
  CHECK(guess("invoice") == "nothing");
  CHECK(guess("x") == "nothing");
  CHECK(guess(std::string(1'000'000, 'c')) == "nothing");
  CHECK(guess("\xFF\xFE") == "nothing");
  constexpr std::array<std::string_view, 1> letter{"y"};
  CHECK(nearest("x", letter) == std::nullopt);
  CHECK(nearest("customer", {}) == std::nullopt);
}

TEST_CASE("a third of the longer word may differ, no more") {
  constexpr std::array<std::string_view, 1> six{"abcdef"};
  CHECK(nearest("abcdxy", six) == "abcdef");
  CHECK(nearest("abcxyz", six) == std::nullopt);
}
