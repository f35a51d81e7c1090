#include "core/model/ip_address.hpp"

#include <doctest/doctest.h>

#include "core/model/error.hpp"

using namespace kundehub;

TEST_CASE("one IP address is always the same text") {
  CHECK(parse_ip_address("192.0.2.7") == "192.0.2.7");
  CHECK(parse_ip_address("2001:DB8::0:7") == "2001:db8::7");
  CHECK(parse_ip_address("::ffff:192.0.2.7") == "192.0.2.7");
  for (const char* text : {"", "300.1.1.1", "192.0.2", "x", "192.0.2.7; x", "2001:db8::7%eth0"})
    CHECK_THROWS_AS(parse_ip_address(text), Error);
}

TEST_CASE("a network is what one subscriber has") {
  CHECK(network_of("192.0.2.7") == "192.0.2.7");
  CHECK(network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::");
  CHECK(network_of("64:ff9b::c000:207") == "64:ff9b::c000:207");
  CHECK(network_of("").empty());
}
