#include "core/model/phone.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"

using namespace kundehub;

TEST_CASE("a telephone number is kept as it is written") {
  for (const char* text : {"", "112", "12345678", "+45 12 34 56 78", "(02) 123-456/7.8"}) {
    CAPTURE(text);
    CHECK(parse_phone(text) == text);
  }
  CHECK(parse_phone("  12 34 56 78 ") == "12 34 56 78");
}

TEST_CASE("an international prefix that is dialled is kept as it is written") {
  CHECK(parse_phone("0045 12345678") == "+45 12345678");
  CHECK(parse_phone("00 45 12345678") == "+45 12345678");
  CHECK(parse_phone("004512345678") == "+4512345678");
  CHECK(parse_phone("0012") == "0012");
  CHECK(parse_phone("22\u00A033\u202F44 55") == "22 33 44 55");
}

TEST_CASE("what is no telephone number is refused") {
  for (const char* text :
       {"11", "+-/", "12345678x", "12:34", "ring til Anna", "1234567890123456789012345678901", "12\n34", "=1+1;cmd"}) {
    CAPTURE(text);
    try {
      parse_phone(text);
      FAIL_CHECK("accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::bad_data);
    }
  }
  try {
    parse_phone("11");
  } catch (const Error& error) {
    CHECK(std::string(error.what()) == "\"11\" is not a telephone number");
    CHECK(error.hint() == "write it as 12345678 or +45 12 34 56 78");
  }
}
