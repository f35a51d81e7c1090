#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

std::string operations(Shell& kundehub) {
  return kundehub.records.value("SELECT count(*) FROM operation");
}

/// A column of the latest operation.
std::string latest(Shell& kundehub, const std::string& column) {
  return kundehub.records.value("SELECT " + column + " FROM operation ORDER BY id DESC");
}

/// What the latest operation kept of a record as it was before.
ordered_json before(Shell& kundehub, const std::string& entity) {
  const std::string was = kundehub.records.value(
      "SELECT was FROM operation_before WHERE operation_id = (SELECT max(id) FROM operation) AND entity = '" + entity +
      "'");
  return was == "none" ? ordered_json() : ordered_json::parse(was);
}

/// Everything that is in the database, to see that a command left it alone.
std::string everything(Shell& kundehub) {
  std::string all;
  for (const std::string table : {"customer", "contact", "customer_tag", "customer_module", "login_link", "welcome",
                                  "operation", "operation_before", "operation_created", "setting"}) {
    const std::string columns = kundehub.records.value(
        "SELECT group_concat('quote(' || name || ')', ' || \",\" || ') FROM pragma_table_info('" + table + "')");
    std::string quoted = columns;
    for (std::size_t at = quoted.find('"'); at != std::string::npos; at = quoted.find('"')) quoted[at] = '\'';
    all += table + ": " + kundehub.records.value("SELECT group_concat(" + quoted + ", ';') FROM " + table) + '\n';
  }
  return all;
}

/// Every kind of change there is.
constexpr const char* changes[] = {
    "customer add --business Sydlys --contact 'Dora Dam <dora@sydlys.dk>' --hub --welcome",
    "customer add --private 'Eva Eg' --number 5000",
    "customer edit 1001 --name Vestlys --add-tag vip",
    "contact add 1001 'Carl Lund <carl@nordlys.dk>' --welcome",
    "contact edit contact:1 --email new@nordlys.dk --primary",
    "contact delete contact:2 --yes",
    "hub grant 1001 --all-contacts --all-modules --welcome",
    "hub revoke 1001",
    "hub revoke 1001 --contact contact:1 --module projects",
    "welcome send 1001 --queue",
    "welcome resend 1001 --link rotate --queue",
    "welcome cancel 1001",
};

}  // namespace

TEST_CASE("R14: an operation tells who, when and by which command") {
  Shell kundehub;
  kundehub.records.now += kundehub::Seconds(5);
  REQUIRE(kundehub("customer add --business 'Nordlys ApS' --notes 'a b'") == 0);
  CHECK(latest(kundehub, "actor") == "admin");
  CHECK(latest(kundehub, "at") == std::to_string(kundehub.records.now.time_since_epoch().count()));
  CHECK(latest(kundehub, "command") == "customer add --business 'Nordlys ApS' --notes 'a b'");
  CHECK_FALSE(latest(kundehub, "host").empty());
}

TEST_CASE("R14: who it was is told by option, environment, sudo and login name, in this order") {
  Shell kundehub;
  kundehub.environment["SUDO_USER"] = "sudo-user";
  REQUIRE(kundehub("customer add --business A --actor 'Åse Bæk'") == 0);
  CHECK(latest(kundehub, "actor") == "Åse Bæk");
  REQUIRE(kundehub("customer add --business B") == 0);
  CHECK(latest(kundehub, "actor") == "admin");
  kundehub.environment.erase("KUNDEHUB_ACTOR");
  REQUIRE(kundehub("customer add --business C") == 0);
  CHECK(latest(kundehub, "actor") == "sudo-user");
  kundehub.environment.erase("SUDO_USER");
  REQUIRE(kundehub("customer add --business D") == 0);
  CHECK_FALSE(latest(kundehub, "actor").empty());
  CHECK(kundehub("customer add --business E --actor 'a\nb'") == 65);
}

TEST_CASE("R14: every change is one operation") {
  for (const char* change : changes) {
    CAPTURE(change);
    Shell kundehub;
    kundehub.add_nordlys();
    kundehub("welcome send contact:1 --queue");
    const std::string before = operations(kundehub);
    CHECK(kundehub(change) == 0);
    CHECK(operations(kundehub) == std::to_string(std::stoi(before) + 1));
    CHECK(latest(kundehub, "command") == change);
  }
}

TEST_CASE("R14: a dry run of every change says so and leaves everything as it was") {
  for (const char* change : changes) {
    CAPTURE(change);
    Shell kundehub;
    kundehub.add_nordlys();
    kundehub("welcome send contact:1 --queue");
    const std::string before = everything(kundehub);
    CHECK(kundehub(std::string(change) + " --dry-run") == 0);
    CHECK(kundehub.said("dry run: "));
    CHECK(everything(kundehub) == before);
    CHECK(kundehub.mails().empty());
    CHECK(kundehub(std::string("-n ") + change) == 0);
    CHECK(everything(kundehub) == before);
  }
}

TEST_CASE("R14: what changes nothing is no operation, and says so") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer edit 1001 --add-tag vip");
  const std::string before = everything(kundehub);
  for (const char* line :
       {"customer edit 1001 --name 'Nordlys ApS' --hub --add-tag vip", "hub grant 1001 --module projects",
        "contact edit contact:1 --first-name Anna --email anna@nordlys.dk --primary --hub",
        "hub revoke 1001 --module invoices"}) {
    CAPTURE(line);
    kundehub.records.now += kundehub::Seconds(60);
    CHECK(kundehub(line) == 0);
    CHECK(kundehub.said("nothing had to be changed"));
    CHECK(everything(kundehub) == before);
  }
  CHECK(kundehub("welcome cancel 1001") == 0);
  CHECK(everything(kundehub) == before);
}

TEST_CASE("R14: what is refused is no operation") {
  Shell kundehub;
  kundehub.add_nordlys();
  const std::string before = everything(kundehub);
  CHECK(kundehub("contact add 1001 'Anna Bech <anna@nordlys.dk>'") == 4);
  CHECK(kundehub("customer edit 1001 --email nonsense") == 65);
  CHECK(kundehub("hub grant 1001 --module nonsense") == 3);
  CHECK(kundehub("contact delete contact:98 contact:99 --yes") == 3);
  CHECK(kundehub("customer add --business A --number 1001") == 4);
  CHECK(everything(kundehub) == before);
}

TEST_CASE("R14: what a record was before is kept with the operation") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer edit 1001 --name Sydlys --notes ny");
  CHECK(before(kundehub, "customer")["name"] == "Nordlys ApS");
  CHECK(before(kundehub, "customer")["notes"].is_null());
  CHECK(before(kundehub, "contact").is_null());
  kundehub("contact edit contact:1 --email new@nordlys.dk");
  CHECK(before(kundehub, "contact")["email"] == "anna@nordlys.dk");
  kundehub("contact delete contact:1 --yes");
  CHECK(before(kundehub, "contact")["email"] == "new@nordlys.dk");
  CHECK(before(kundehub, "contact")["is_primary"] == 1);
  kundehub("hub revoke 1001");
  CHECK(before(kundehub, "customer")["hub"] == 1);
}

TEST_CASE("R14: a private customer's operation keeps customer and contact") {
  Shell kundehub;
  kundehub.add_lund();
  kundehub("customer edit 1001 --email new@lund.dk");
  CHECK(before(kundehub, "customer")["email"] == "carl@lund.dk");
  CHECK(before(kundehub, "contact")["email"] == "carl@lund.dk");
}
