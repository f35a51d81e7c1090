#include "tests/support/golden.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <doctest/doctest.h>

#include "tests/support/mail_fixture.hpp"

namespace kundehub::test {

void check_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path file = std::filesystem::path(KUNDEHUB_TESTS_DIR) / "golden" / (name + ".txt");
  const char* const update = std::getenv("KUNDEHUB_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  INFO("golden file: " << file.native());
  REQUIRE(std::filesystem::exists(file));
  CHECK(text == mail_test::read_file(file));
}

}  // namespace kundehub::test
