#include "cli/held_output.hpp"

#include <sstream>
#include <string>

#include <doctest/doctest.h>

using namespace kundehub::cli;

namespace {

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "line " + std::to_string(i) + '\n';
  return text;
}

}  // namespace

TEST_CASE("output that is held comes out as it went in, however much it is") {
  for (const int count : {0, 1, 5000, 9000, 200'000}) {
    CAPTURE(count);
    HeldOutput held;
    const std::string text = lines(count);
    held.stream() << text.substr(0, text.size() / 3) << text.substr(text.size() / 3);
    std::ostringstream out;
    held.release(out);
    CHECK(out.str() == text);
  }
}
