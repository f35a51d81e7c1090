#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

/// Value and origin of a key in the list.
ordered_json setting(Shell& kundehub, const std::string& key) {
  for (const ordered_json& row : kundehub.json("config list --show-origin"))
    if (row["key"] == key) return row;
  return nullptr;
}

}  // namespace

TEST_CASE("config unset takes a setting out of the file, and leaves the rest as it was") {
  Shell kundehub;
  CHECK(kundehub("config set hub.support 'ring 12345678'") == 0);
  CHECK(kundehub("config unset hub.support --dry-run") == 0);
  CHECK(setting(kundehub, "hub.support")["value"] == "ring 12345678");
  CHECK(kundehub("config unset hub.support") == 0);
  CHECK(setting(kundehub, "hub.support")["value"] != "ring 12345678");
  CHECK(setting(kundehub, "hub.company")["value"] == "Eksempel ApS");
  CHECK(kundehub("config unset hub.support") == 0);
  CHECK(kundehub.said("hub.support is not set in "));
  CHECK(kundehub("config unset hub.suport") != 0);
  CHECK(kundehub.hint() == "did you mean hub.support");
}

TEST_CASE("config list --show-origin tells where each value comes from") {
  Shell kundehub;
  CHECK(setting(kundehub, "hub.company")["origin"].get<std::string>().find("config.toml") != std::string::npos);
  CHECK(setting(kundehub, "mail.connections")["origin"] == "default");
  CHECK(setting(kundehub, "database.path")["origin"] == "KUNDEHUB_DB");
}

TEST_CASE("config check looks at what the configuration names") {
  Shell kundehub;
  CHECK(kundehub("config check") == 0);
  for (const ordered_json& finding : kundehub.json("config check")) CHECK(finding["ok"] == true);
  kundehub.configure("new_customer.modules", "projects,nonsense");
  kundehub.configure("mail.username", "hub@example.dk");
  CHECK(kundehub("config check") == 78);
  int bad = 0;
  for (const ordered_json& finding : kundehub.json("config check")) bad += finding["ok"] == false ? 1 : 0;
  CHECK(bad == 2);
}
