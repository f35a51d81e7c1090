#include <sys/stat.h>

#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using kundehub::mail_test::read_file;

TEST_CASE("config set changes one line and leaves the rest of the file alone") {
  Shell kundehub;
  const auto file = kundehub.folder() / "config.toml";
  const std::string before = read_file(file);
  std::ofstream(file, std::ios::app) << "# my own words\n";
  CHECK(kundehub("config set mail.reply_to 'Anna Berg <anna@example.dk>'") == 0);
  CHECK(kundehub.out == "");
  CHECK(kundehub.said("mail.reply_to is set in " + file.native()));
  const std::string after = read_file(file);
  CHECK(after.find("# my own words\n") != std::string::npos);
  CHECK(kundehub("config get mail.reply_to") == 0);
  CHECK(kundehub.out == "Anna Berg <anna@example.dk>\n");
  CHECK(kundehub("config set hub.link_ttl 3d --quiet") == 0);
  CHECK(kundehub.err == "");
}

TEST_CASE("config set makes the file if there is none") {
  Shell kundehub;
  const auto file = kundehub.folder() / "new" / "config.toml";
  kundehub.environment["KUNDEHUB_CONFIG"] = file.native();
  CHECK(kundehub("config set hub.company Nordlys") == 0);
  CHECK(kundehub("config get hub.company") == 0);
  CHECK(kundehub.out == "Nordlys\n");
  struct stat info {};
  REQUIRE(stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0600);
}

TEST_CASE("config set refuses what the key would not take, and leaves the file as it was") {
  Shell kundehub;
  const auto file = kundehub.folder() / "config.toml";
  const std::string before = read_file(file);
  CHECK(kundehub("config set hub.url ftp://x") == 65);
  CHECK(kundehub("config set mail.connections 65") == 65);
  CHECK(kundehub("config set mail.conections 5") == 3);
  CHECK(kundehub.hint() == "did you mean mail.connections");
  CHECK(kundehub("config set hub.url") == 2);
  CHECK(kundehub("config set hub.company Nordlys --dry-run") == 0);
  CHECK(kundehub.said("dry run: hub.company would be set in "));
  CHECK(read_file(file) == before);
}

TEST_CASE("config set says which file cannot be read, or written") {
  Shell kundehub;
  kundehub.environment["KUNDEHUB_CONFIG"] = kundehub.folder().native();
  CHECK(kundehub("config set hub.company Nordlys") != 0);
  CHECK(kundehub.said(kundehub.folder().native()));
  kundehub.environment["KUNDEHUB_CONFIG"] = "/proc/nowhere/config.toml";
  CHECK(kundehub("config set hub.company Nordlys") == 73);
}
