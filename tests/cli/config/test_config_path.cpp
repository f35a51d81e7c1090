#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;

TEST_CASE("config path: option before environment before the user's own file") {
  Shell kundehub;
  CHECK(kundehub("config path") == 0);
  CHECK(kundehub.out == (kundehub.folder() / "config.toml").native() + '\n');
  CHECK(kundehub("config path --config /x/y.toml") == 0);
  CHECK(kundehub.out == "/x/y.toml\n");
  kundehub.environment.erase("KUNDEHUB_CONFIG");
  const auto own = kundehub.folder() / "xdg" / "kundehub" / "config.toml";
  std::filesystem::create_directories(own.parent_path());
  std::filesystem::copy_file(kundehub.folder() / "config.toml", own);
  kundehub.environment["XDG_CONFIG_HOME"] = (kundehub.folder() / "xdg").native();
  CHECK(kundehub("config path") == 0);
  CHECK(kundehub.out == own.native() + '\n');
}
