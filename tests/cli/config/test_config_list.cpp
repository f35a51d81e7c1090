#include <doctest/doctest.h>

#include "core/config.hpp"
#include "core/durable_file.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;

TEST_CASE("config list shows every key with the value in force") {
  Shell kundehub;
  kundehub.configure("mail.transport", "smtp://mail.example.dk");
  kundehub.environment["KUNDEHUB_DB"] = "/srv/kundehub.db";
  CHECK(kundehub("config list") == 0);
  check_golden("config_list", kundehub.out);
  const auto settings = kundehub.json("config list");
  CHECK(settings.size() == kundehub::config_keys().size());
  for (const auto& setting : settings) {
    if (setting["key"] == "hub.url") CHECK(setting["value"] == "https://hub.example.dk");
    if (setting["key"] == "mail.reply_to") CHECK(setting["value"].is_null());
  }
}

TEST_CASE("config list names the line of a file that is wrong") {
  Shell kundehub;
  const auto file = (kundehub.folder() / "broken.toml").native();
  kundehub.environment["KUNDEHUB_CONFIG"] = file;
  kundehub::write_file_durably(file, "[hub]\ncompny = \"x\"\n");
  CHECK(kundehub("config list") == 78);
  CHECK(kundehub.message().find(file + ":2") != std::string::npos);
  CHECK(kundehub.hint().find("company") != std::string::npos);
}
