#include "core/model/customer_number.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"

using namespace kundehub;

TEST_CASE("a customer number is kept just as it came") {
  for (const char* text : {"1", "1042", "00042", "K-1042", "a.b_c/d", "0", "12345678901234567890123456789012"}) {
    CAPTURE(text);
    CHECK(CustomerNumber::parse(text).text() == text);
  }
  CHECK_FALSE(CustomerNumber::parse("00042") == CustomerNumber::parse("42"));
  CHECK(CustomerNumber::from_counter(1001).text() == "1001");
}

TEST_CASE("what is no customer number is refused with the form that is wanted") {
  for (const char* text : {"", " ", "-rf", ".1", "/etc", "_x", "10 42", "1042 ", "æ1", "1;2", "'; DROP TABLE customer",
                           "123456789012345678901234567890123", "1\n2", "id:1", "a@b"}) {
    CAPTURE(text);
    try {
      CustomerNumber::parse(text);
      FAIL_CHECK("accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::bad_data);
      CHECK(error.hint() == "a customer number is 1 to 32 letters, digits and -._/, such as 1042 or K-1042");
    }
  }
}

TEST_CASE("only plain digits move the counter of numbers") {
  CHECK(CustomerNumber::parse("1042").counter_value() == 1042);
  CHECK(CustomerNumber::parse("00042").counter_value() == 42);
  CHECK(CustomerNumber::parse("999999999999999").counter_value() == 999'999'999'999'999);
  CHECK_FALSE(CustomerNumber::parse("1000000000000000").counter_value());
  CHECK_FALSE(CustomerNumber::parse("K-1042").counter_value());
  CHECK_FALSE(CustomerNumber::parse("1042-2").counter_value());
}
