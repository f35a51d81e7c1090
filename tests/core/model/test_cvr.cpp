#include "core/model/cvr.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"

using namespace kundehub;

namespace {

std::string refusal(const std::string& text) {
  try {
    Cvr::parse(text);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK(error.hint() == "look it up at https://datacvr.virk.dk");
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a CVR number is 8 digits whose weighted sum 11 divides") {
  CHECK(Cvr::parse("13585628").text() == "13585628");
  CHECK(Cvr::parse("25313763").text() == "25313763");
  CHECK(Cvr::parse("13 58 56 28").text() == "13585628");
  CHECK(Cvr::parse("DK13585628").text() == "13585628");
  CHECK(Cvr::parse("dk 13585628").text() == "13585628");
  CHECK(Cvr::parse("DK13585628") == Cvr::parse("13585628"));
}

TEST_CASE("every single wrong digit of a CVR number is noticed") {
  const std::string right = "13585628";
  for (std::size_t place = 0; place < right.size(); ++place) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string typed = right;
      typed[place] = digit;
      CAPTURE(typed);
      CHECK((refusal(typed) == "accepted") == (typed == right));
    }
  }
}

TEST_CASE("what is no CVR number says why") {
  CHECK(refusal("13585629") == "CVR number \"13585629\" is mistyped: its check digit is wrong");
  CHECK(refusal("1358562") == "CVR number \"1358562\" is not 8 digits");
  CHECK(refusal("135856280") == "CVR number \"135856280\" is not 8 digits");
  CHECK(refusal("00000000") == "CVR number \"00000000\" is not 8 digits");
  CHECK(refusal("") == "CVR number \"\" is not 8 digits");
  CHECK(refusal("1358562a") == "CVR number \"1358562a\" is not 8 digits");
  CHECK(refusal("SE13585628") == "CVR number \"SE13585628\" is not 8 digits");
  CHECK(refusal("١٣٥٨٥٦٢٨") == "CVR number \"١٣٥٨٥٦٢٨\" is not 8 digits");
}
