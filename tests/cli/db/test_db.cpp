#include <filesystem>
#include <fstream>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

/// A shell whose database is a file, made by init.
struct FileShell : Shell {
  FileShell() {
    on_files = true;
    environment["KUNDEHUB_DB"] = database();
    CHECK((*this)("init") == 0);
  }

  [[nodiscard]] std::string database() const { return (folder() / "hub.db").native(); }
  [[nodiscard]] std::string file(const char* name) const { return (folder() / name).native(); }

  std::string content(const std::string& name) const {
    std::ifstream stream(name);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
};

}  // namespace

TEST_CASE("db status tells where the database is and what is in it") {
  FileShell kundehub;
  kundehub.add_nordlys();
  const ordered_json status = kundehub.json("db status");
  CHECK(status["file"] == kundehub.database());
  CHECK(status["customers"] == 1);
  CHECK(status["contacts"] == 2);
  CHECK(status["operations"] == 1);
  CHECK(status["schema"] == status["newest_schema"]);
}

TEST_CASE("db backup makes a database that is checked, for its owner alone, and replaces an earlier one only") {
  FileShell kundehub;
  kundehub.add_nordlys();
  const std::string backup = kundehub.file("backup.db");
  CHECK(kundehub.json("db backup " + backup)["customers"] == 1);
  CHECK(kundehub.said("the link key is not in it"));
  struct stat info {};
  CHECK(stat(backup.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(!std::filesystem::exists(backup + ".part"));
  kundehub.add_lund();
  CHECK(kundehub.json("db backup " + backup)["customers"] == 2);

  std::ofstream(kundehub.file("notes.txt")) << "not a backup";
  CHECK(kundehub("db backup " + kundehub.file("notes.txt")) == 4);
  CHECK(kundehub.content(kundehub.file("notes.txt")) == "not a backup");
  CHECK(kundehub("db backup " + kundehub.database()) == 4);
  CHECK(kundehub.message().ends_with("is the database itself"));
  CHECK(kundehub("db backup " + kundehub.file("no/such/folder.db")) == 73);
  CHECK(kundehub("db backup -") == 2);
}

TEST_CASE("db restore puts a backup in the database's place, and keeps what it replaces") {
  FileShell kundehub;
  kundehub.add_nordlys();
  const std::string backup = kundehub.file("backup.db");
  kundehub("db backup " + backup);
  kundehub("customer add --business Senere");
  CHECK(kundehub("db restore " + backup) == 6);
  CHECK(kundehub.json("db restore " + backup + " --yes")["customers"] == 1);
  CHECK(kundehub("customer show 1002") == 3);
  CHECK(kundehub("customer show 1001") == 0);
  CHECK(kundehub.json("log")[0]["command"].get<std::string>().starts_with("db restore"));
  std::string kept;
  for (const auto& entry : std::filesystem::directory_iterator(kundehub.folder()))
    if (entry.path().native().find(".before-restore-") != std::string::npos) kept = entry.path().native();
  CHECK(kundehub("customer show 1002 --db " + kept) == 0);
  CHECK(kundehub.json("customer add --business Ny")["number"] == "1003");  // no number is given twice
  CHECK(kundehub("db check") == 0);
}

TEST_CASE("a restored backup revives no link, holds its mails and names who may log in again") {
  FileShell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub("welcome send contact:2 --queue");
  const std::string backup = kundehub.file("backup.db"), key = kundehub.content(kundehub.database() + ".key");
  kundehub("db backup " + backup);
  CHECK(kundehub("hub explain contact:1") == 0);
  kundehub("hub revoke 1001");
  CHECK(kundehub("db restore " + backup + " --yes") == 0);
  CHECK(kundehub.said("1 welcome mail of the backup is held"));
  CHECK(kundehub("hub explain contact:1") == 10);
  CHECK(kundehub.content(kundehub.database() + ".key") != key);
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(kundehub.said("nothing waits; 1 mail is held until you send or cancel"));
  CHECK(kundehub.mails().size() == 1);
  CHECK(kundehub("welcome send contact:2") == 0);
  CHECK(kundehub.mails().size() == 2);
  CHECK(kundehub("hub explain contact:2") == 0);
}

TEST_CASE("a backup is restored where there is no database, and in the place of a damaged one") {
  FileShell kundehub;
  kundehub.add_nordlys();
  const std::string backup = kundehub.file("backup.db"), elsewhere = kundehub.file("new/hub.db");
  kundehub("db backup " + backup);
  CHECK(kundehub("db restore --yes " + backup + " --db " + elsewhere) == 0);
  CHECK(kundehub.said("there was no link key: a new one has been made"));
  CHECK(kundehub("db check --db " + elsewhere) == 0);

  std::filesystem::resize_file(kundehub.database(), 20'000);
  CHECK(kundehub("customer list") == 78);
  CHECK(kundehub("db restore --yes " + backup) == 0);
  CHECK(kundehub.said("there is no database that can be read"));
  CHECK(kundehub("customer show 1001") == 0);
  CHECK(kundehub("db check") == 0);
}

TEST_CASE(
    "a backup of an older kundehub is brought up to date, and none takes the place of another program's database") {
  FileShell kundehub;
  kundehub.add_nordlys();
  const std::string backup = kundehub.file("backup.db");
  kundehub("db backup " + backup);
  SQLite::Database(backup, SQLite::OPEN_READWRITE)
      .exec(
          "DROP VIEW hub_contact_v1; DROP VIEW hub_login_v1; DROP VIEW hub_module_v1; DROP TABLE open_link; "
          "DROP TABLE redeem_failure; DROP TABLE erased_address; DROP INDEX operation_undoes; ALTER TABLE operation "
          "DROP COLUMN undoes; "
          "PRAGMA user_version = 2");
  CHECK(kundehub.json("db restore --yes " + backup)["schema"] == 4);
  CHECK(kundehub("db check") == 0);

  SQLite::Database(kundehub.database(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  CHECK(kundehub("db restore --yes " + backup) == 78);
  CHECK(kundehub.said("has schema 99, and this kundehub knows only up to 4"));
  SQLite::Database(kundehub.database(), SQLite::OPEN_READWRITE)
      .exec("PRAGMA user_version = 4; PRAGMA application_id = 7");
  CHECK(kundehub("db restore --yes " + backup) == 78);
  CHECK(kundehub.said("is not a kundehub database"));
}

TEST_CASE("a backup that cannot read the database keeps the one that is there") {
  FileShell kundehub;
  kundehub.add_nordlys();
  const std::string backup = kundehub.file("backup.db");
  kundehub("db backup " + backup);
  const std::string before = kundehub.content(backup);
  std::filesystem::resize_file(kundehub.database(), 20'000);
  CHECK(kundehub("db backup " + backup) == 78);
  CHECK(kundehub.content(backup) == before);
  CHECK(!std::filesystem::exists(backup + ".part"));
}

TEST_CASE("what is no sound backup is not restored") {
  FileShell kundehub;
  kundehub.add_nordlys();
  std::ofstream(kundehub.file("notes.txt"))
      << "not a backup, but longer than the header of a database would be: " << std::string(200, 'x');
  CHECK(kundehub("db restore --yes " + kundehub.file("notes.txt")) == 78);
  CHECK(kundehub("db restore --yes " + kundehub.file("none.db")) == 66);
  CHECK(kundehub("db restore --yes " + kundehub.database()) == 4);
  CHECK(kundehub("db restore --yes /dev/zero") == 78);
  CHECK(kundehub("customer show 1001") == 0);
}

TEST_CASE("db check tells what is unsound, with the remedy") {
  FileShell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("db check") == 0);
  CHECK(kundehub.out == "");
  CHECK(kundehub.said("the database is sound"));
  chmod(kundehub.database().c_str(), 0644);
  std::filesystem::remove(kundehub.database() + ".key");
  CHECK(kundehub("db check --format csv --no-header --fields check") == 78);
  CHECK(kundehub.out == "mode\nkey\n");
}

TEST_CASE("db key: a copy of the key, and the way back") {
  FileShell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  const std::string copy = kundehub.file("copy.key"), file = kundehub.database() + ".key";
  CHECK(kundehub("db key export " + copy) == 0);
  CHECK(kundehub.content(copy) == kundehub.content(file));
  CHECK(kundehub("db key export " + copy) == 4);
  std::filesystem::remove(file);
  CHECK(kundehub.json("db key import " + copy)["links_ended"] == 0);
  CHECK(kundehub("hub explain contact:1") == 0);

  std::filesystem::remove(file);
  kundehub("init");
  kundehub("welcome send contact:2");
  CHECK(kundehub("db key import " + copy) == 6);
  CHECK(kundehub.json("db key import --yes " + copy)["links_ended"] == 1);
  CHECK(kundehub("hub explain contact:2") == 10);
  CHECK(kundehub("db key import " + kundehub.file("none")) == 66);
  CHECK(kundehub("db key eat " + copy) == 2);
}

TEST_CASE("a link that another user has made is not followed" * doctest::skip(geteuid() != 0)) {
  FileShell kundehub;
  const std::string link = kundehub.file("link.db");
  std::filesystem::create_symlink(kundehub.database(), link);
  CHECK(kundehub("customer list --db " + link) == 0);
  CHECK(lchown(link.c_str(), 65534, 65534) == 0);
  CHECK(kundehub("customer list --db " + link) == 77);
  CHECK(kundehub("db status --db " + link) == 77);
  CHECK(kundehub.message().ends_with("is a link that another user has made"));
}

TEST_CASE("no result takes the place of a file that kundehub works with") {
  FileShell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  const std::string database = kundehub.database();
  for (const std::string& own : {database, database + ".key", database + ".write"}) {
    CHECK(kundehub("customer export -o " + own) == 4);
    CHECK(kundehub.said("is a file that kundehub itself works with"));
    CHECK(kundehub("person export anna@nordlys.dk -o " + own) == 4);
    CHECK(kundehub("welcome preview contact:1 -o " + own) == 4);
    kundehub.pipe("Navn;E-mail\nA B;a@@b\n");
    CHECK(kundehub("customer import - --partial --rejects " + own) == 4);
  }
  CHECK(kundehub("db check") == 0);
}

TEST_CASE("a copy of the link key takes the place of one that is broken, and is what is advised first") {
  FileShell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  const std::string copy = kundehub.file("key.copy"), key = kundehub.database() + ".key";
  kundehub("db key export " + copy);
  std::ofstream(key) << "rubbish\n";
  CHECK(kundehub("welcome resend contact:1") == 78);
  CHECK(kundehub.hint().starts_with("if there is a copy: kundehub db key import FILE"));
  CHECK(kundehub("db key import " + copy) == 0);
  CHECK(kundehub("hub explain contact:1") == 0);
  CHECK(kundehub("db key import " + kundehub.file("nothing")) == 66);
  std::filesystem::remove(key);
  CHECK(kundehub("welcome resend contact:1") == 78);
  CHECK(kundehub.hint().starts_with("if there is a copy: kundehub db key import FILE"));
}

TEST_CASE("what db check advises mends what it found") {
  FileShell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  const auto damage = [&](const char* sql) { SQLite::Database(kundehub.database(), SQLite::OPEN_READWRITE).exec(sql); };
  SUBCASE("a link that is alive without access") {
    damage("UPDATE contact SET hub = 0 WHERE id = 1");
  }
  SUBCASE("two primary contacts") {
    damage("UPDATE contact SET is_primary = 1");
  }
  SUBCASE("readable to a group") {
    std::filesystem::permissions(kundehub.database(), std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
  }
  CHECK(kundehub("db check --json") == 78);
  const ordered_json finding = ordered_json::parse(kundehub.out)[0];
  const std::string remedy = finding["remedy"];
  if (remedy.starts_with("kundehub "))
    CHECK(kundehub(remedy.substr(9)) == 0);
  else
    std::filesystem::permissions(kundehub.database(), std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::remove);
  CHECK(kundehub("db check") == 0);
}

TEST_CASE(
    "db check finds an address that was changed by hand, and a private customer without a contact can be mended") {
  FileShell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  SQLite::Database(kundehub.database(), SQLite::OPEN_READWRITE)
      .exec("UPDATE contact SET email = 'new@nordlys.dk' WHERE id = 1");
  CHECK(kundehub("db check") == 78);
  CHECK(kundehub.out.find("the form it is compared in") != std::string::npos);
  SQLite::Database(kundehub.database(), SQLite::OPEN_READWRITE).exec("DELETE FROM contact WHERE id = 3");
  CHECK(kundehub("customer convert 1002 --to business") == 4);
}
