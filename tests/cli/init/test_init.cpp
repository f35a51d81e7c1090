#include <sys/stat.h>

#include <fstream>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include "tests/support/mail_fixture.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;
using kundehub::mail_test::read_file;
using nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

/// A folder in which nothing is yet.
struct Fresh : Shell {
  Fresh() {
    on_files = true;
    fs::remove(config);
  }
  fs::path config = folder() / "config.toml", database = folder() / "kundehub.db", key = folder() / "kundehub.db.key";

  [[nodiscard]] bool nothing_there() const { return !fs::exists(config) && !fs::exists(database) && !fs::exists(key); }
};

mode_t mode_of(const fs::path& file) {
  struct stat info {};
  REQUIRE(stat(file.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

}  // namespace

TEST_CASE("init makes configuration, database and key, all private, and a second time nothing") {
  Fresh kundehub;
  const ordered_json made = kundehub.json(
      "init --company Nordlys --hub-url https://hub.example.dk --mail-from "
      "'Nordlys <hub@example.dk>' --transport maildir:mail");
  CHECK(made["config"] == kundehub.config.native());
  CHECK(made["config_created"] == true);
  CHECK(made["database"] == kundehub.database.native());
  CHECK(made["database_created"] == true);
  CHECK(made["key_created"] == true);
  CHECK(kundehub.said("keep a copy of the link key"));
  for (const fs::path& file : {kundehub.config, kundehub.database, kundehub.key}) CHECK(mode_of(file) == 0600);
  CHECK(kundehub("config get hub.company") == 0);
  CHECK(kundehub.out == "Nordlys\n");
  const std::string key = read_file(kundehub.key);
  const ordered_json again = kundehub.json("init");
  CHECK(again["config_created"] == false);
  CHECK(again["database_created"] == false);
  CHECK(again["key_created"] == false);
  CHECK(read_file(kundehub.key) == key);
}

TEST_CASE("after init the whole way works on files, to the mail in a Maildir") {
  Fresh kundehub;
  REQUIRE(kundehub("init --hub-url https://hub.example.dk --mail-from hub@example.dk --transport maildir:mail") == 0);
  kundehub.add_nordlys();
  CHECK(kundehub("welcome send 1001") == 0);
  CHECK(kundehub.mails().size() == 2);
  CHECK(kundehub("hub explain anna@nordlys.dk") == 0);
}

TEST_CASE("init asks at a terminal for what is missing; an empty answer leaves it open") {
  Fresh kundehub;
  kundehub.at_terminal("Nordlys\n\nhub@example.dk\n");
  CHECK(kundehub("init --transport maildir:mail") == 0);
  CHECK(kundehub.said("Company that runs the HUB:"));
  CHECK(kundehub.said("Sender of the welcome mails"));
  CHECK_FALSE(kundehub.said("Mail server"));
  kundehub.in_script();
  CHECK(kundehub.json("config get hub.company") == "Nordlys");
  CHECK(kundehub.json("config get hub.url") == "");
  CHECK(kundehub.json("config get mail.from") == "hub@example.dk");
}

TEST_CASE("init asks nothing in a script, with --no-input, or if there is a configuration") {
  Fresh kundehub;
  kundehub.at_terminal("x\ny\n");
  CHECK(kundehub("init --no-input") == 0);
  CHECK_FALSE(kundehub.said("Company"));
  CHECK(kundehub("init") == 0);
  CHECK_FALSE(kundehub.said("Company"));
}

TEST_CASE("init with a value that is refused makes nothing") {
  Fresh kundehub;
  CHECK(kundehub("init --hub-url ftp://x") == 65);
  CHECK(kundehub.nothing_there());
  CHECK(kundehub("init --mail-from nonsense") == 65);
  CHECK(kundehub.nothing_there());
  CHECK(kundehub("init --company Nordlys --dry-run") == 0);
  CHECK(kundehub.said("dry run: nothing was made"));
  CHECK(kundehub.nothing_there());
}

TEST_CASE("init changes a configuration that is there with --force only") {
  Fresh kundehub;
  REQUIRE(kundehub("init --company Nordlys") == 0);
  CHECK(kundehub("init --company Sydlys") == 4);
  CHECK(kundehub.hint() == "add --force to set these values in it, or use kundehub config set");
  CHECK(kundehub.json("config get hub.company") == "Nordlys");
  std::ofstream(kundehub.config, std::ios::app) << "# mine\n";
  CHECK(kundehub("init --company Sydlys --force") == 0);
  CHECK(kundehub.json("config get hub.company") == "Sydlys");
  CHECK(read_file(kundehub.config).find("# mine\n") != std::string::npos);
}

TEST_CASE("init leaves another program's file alone, and no half of itself behind") {
  Fresh kundehub;
  std::ofstream(kundehub.database) << std::string(5000, 'x');
  CHECK(kundehub("init --company Nordlys") == 78);
  CHECK(read_file(kundehub.database) == std::string(5000, 'x'));
  CHECK_FALSE(fs::exists(kundehub.config));
  CHECK_FALSE(fs::exists(kundehub.key));
}

TEST_CASE("a lost key is made anew, and the links that were out end") {
  Fresh kundehub;
  REQUIRE(kundehub("init --hub-url https://hub.example.dk --mail-from hub@example.dk --transport maildir:mail") == 0);
  kundehub.add_lund();
  REQUIRE(kundehub("welcome send 1001") == 0);
  REQUIRE(kundehub("hub explain contact:1") == 0);
  fs::remove(kundehub.key);
  CHECK(kundehub("welcome resend 1001") == 78);
  CHECK(kundehub.hint().starts_with("if there is a copy: kundehub db key import FILE; else kundehub init"));
  CHECK(kundehub("init") == 0);
  CHECK(kundehub("hub explain contact:1") == 10);
  CHECK(kundehub("welcome resend 1001") == 0);
  CHECK(kundehub("hub explain contact:1") == 0);
}

TEST_CASE("init brings an older database up to date, and leaves it there whatever fails then") {
  Fresh kundehub;
  REQUIRE(kundehub("init") == 0);
  SQLite::Database(kundehub.database.native(), SQLite::OPEN_READWRITE)
      .exec(
          "DROP VIEW hub_contact_v1; DROP VIEW hub_login_v1; DROP VIEW hub_module_v1; DROP TABLE open_link; "
          "DROP TABLE redeem_failure; DROP TABLE erased_address; DROP INDEX operation_undoes; ALTER TABLE operation "
          "DROP COLUMN undoes; "
          "DROP TABLE merged_customer; DROP TABLE contact_module; DROP TABLE login; "
          "ALTER TABLE contact DROP COLUMN is_limited; ALTER TABLE welcome DROP COLUMN message; PRAGMA user_version = "
          "1");
  CHECK(kundehub("customer list") == 78);
  CHECK(kundehub.hint() == "kundehub db migrate brings it up to date");
  fs::permissions(kundehub.key, fs::perms::others_read, fs::perm_options::add);
  CHECK(kundehub("init") == 78);
  CHECK(fs::exists(kundehub.database));
  fs::permissions(kundehub.key, fs::perms::others_read, fs::perm_options::remove);
  CHECK(kundehub("customer add --business Nordlys") == 0);
  CHECK(kundehub.json("init")["database_upgraded"] == false);
}

TEST_CASE("without a database every command says how to make one") {
  Fresh kundehub;
  std::ofstream(kundehub.config).flush();
  for (const char* line : {"customer list", "customer add --business A", "hub status", "module list"}) {
    CAPTURE(line);
    CHECK(kundehub(line) == 78);
    CHECK(kundehub.message() == "there is no database \"" + kundehub.database.native() + '"');
    CHECK(kundehub.hint() == "make one with kundehub init, or name it with --db FILE");
  }
  CHECK_FALSE(fs::exists(kundehub.database));
}

TEST_CASE("init with the values that are there already changes nothing; with others it is a conflict") {
  Fresh kundehub;
  const std::string line = "init --company Nordlys --hub-url https://hub.example.dk";
  CHECK(kundehub(line) == 0);
  CHECK(kundehub.said("not set yet, and needed before a welcome mail can be sent: mail.from, mail.transport"));
  const std::string toml = read_file(kundehub.config);
  CHECK(kundehub(line) == 0);
  CHECK(read_file(kundehub.config) == toml);
  CHECK(kundehub("init --company Sydlys") == 4);
  CHECK(read_file(kundehub.config) == toml);
}

TEST_CASE("init asks again at once when an answer cannot be used") {
  Fresh kundehub;
  kundehub.at_terminal("Nordlys\nhub.example.dk\nhttps://hub.example.dk\nhub@example.dk\nmaildir:mail\n");
  CHECK(kundehub("init") == 0);
  kundehub.in_script();
  CHECK(kundehub.json("config get hub.url") == "https://hub.example.dk");
  CHECK(kundehub.json("config get mail.transport") == "maildir:mail");
}
