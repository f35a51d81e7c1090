#include "core/store/sqlite/connection.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "core/embedded.hpp"
#include "core/model/error.hpp"
#include "core/store/sqlite/migration.hpp"
#include "tests/support/mail_fixture.hpp"
#include "tests/support/refusal.hpp"

using namespace kundehub;
using kundehub::mail_test::read_file;
using kundehub::mail_test::ScratchDirectory;
namespace fs = std::filesystem;

namespace {

struct Place {
  ScratchDirectory folder;
  fs::path file = folder.path() / "kundehub.db";

  std::string name() const { return '"' + file.native() + '"'; }

  /// What opening says, with the hint behind a slash.
  std::string refusal(ErrorKind kind = ErrorKind::config) const {
    return test::refusal([&] { sqlite::open_database(file); }, kind);
  }
  std::string creation_refusal(ErrorKind kind = ErrorKind::config) const {
    return test::refusal([&] { sqlite::create_database(file); }, kind);
  }

  /// A file with this content, private as a database has to be.
  void write(const std::string& content) const {
    std::ofstream(file, std::ios::binary) << content;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  }

  void sql(const char* statement) const { SQLite::Database(file.native(), SQLite::OPEN_READWRITE).exec(statement); }
};

mode_t mode_of(const fs::path& file) {
  struct stat info {};
  REQUIRE(stat(file.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

int pragma(SQLite::Database& database, const std::string& name) {
  return database.execAndGet("PRAGMA " + name).getInt();
}

}  // namespace

TEST_CASE("a new database is private, even in an open umask, and made with its folders") {
  Place place;
  place.file = place.folder.path() / "a" / "b" / "kundehub.db";
  const mode_t before = umask(0);
  CHECK(sqlite::create_database(place.file) == sqlite::DatabaseState::created);
  umask(before);
  CHECK(mode_of(place.file) == 0600);
  CHECK(sqlite::create_database(place.file) == sqlite::DatabaseState::present);
  CHECK(place.refusal() == "accepted");
}

TEST_CASE("a database is opened with everything set that keeps it whole") {
  const Place place;
  sqlite::create_database(place.file);
  sqlite::Connection database = sqlite::open_database(place.file);
  CHECK(pragma(database, "foreign_keys") == 1);
  CHECK(pragma(database, "synchronous") == 3);
  CHECK(pragma(database, "trusted_schema") == 0);
  CHECK(pragma(database, "application_id") == sqlite::application_id);
  CHECK(pragma(database, "user_version") == sqlite::newest_schema());
  CHECK(database.execAndGet("PRAGMA journal_mode").getString() == "delete");
  CHECK_THROWS_AS(database.exec("SELECT \"no column\""), SQLite::Exception);
  CHECK_THROWS_AS(database.exec("INSERT INTO contact (customer_id, email_changed_at, hub, hub_changed_at, is_primary, "
                                "created_at, updated_at) VALUES (99, 0, 1, 0, 0, 0, 0)"),
                  SQLite::Exception);
}

TEST_CASE("a database that is missing is not made by opening it") {
  const Place place;
  CHECK(place.refusal() ==
        "there is no database " + place.name() + " / make one with kundehub init, or name it with --db FILE");
  CHECK_FALSE(fs::exists(place.file));
}

TEST_CASE("a folder and a FIFO are no database, and a FIFO does not hang") {
  const Place place;
  const std::string why = place.name() + " is no regular file, so it is no database / name the database with --db FILE";
  fs::create_directory(place.file);
  CHECK(place.refusal() == why);
  CHECK(place.creation_refusal() == why);
  fs::remove(place.file);
  REQUIRE(mkfifo(place.file.c_str(), 0600) == 0);
  CHECK(place.refusal() == why);
  CHECK(place.creation_refusal() == why);
  Place device;
  device.file = "/dev/zero";
  CHECK(device.refusal().find("is no regular file") != std::string::npos);
}

TEST_CASE("a file of garbage is refused and left as it is") {
  const Place place;
  const std::string garbage(5000, 'x');
  place.write(garbage);
  CHECK(place.refusal().starts_with("the database is damaged or none at all: "));
  CHECK(place.refusal().ends_with(" / restore it from a backup"));
  CHECK(place.creation_refusal().starts_with("the database is damaged or none at all: "));
  CHECK(read_file(place.file) == garbage);
}

TEST_CASE("a database that was cut off is refused") {
  const Place place;
  sqlite::create_database(place.file);
  fs::resize_file(place.file, 6000);
  CHECK(place.refusal().starts_with("the database is damaged or none at all: "));
}

TEST_CASE("another program's database is refused and left as it is") {
  const Place place;
  place.write("");
  place.sql("CREATE TABLE theirs (a)");
  const std::string why =
      place.name() + " is not a kundehub database / make one with kundehub init, or name it with --db FILE";
  CHECK(place.refusal() == why);
  CHECK(place.creation_refusal() == why);
  place.sql("PRAGMA application_id = 1196444487");
  CHECK(place.refusal() == why);
  CHECK(place.creation_refusal() == why);
  CHECK(SQLite::Database(place.file.native()).execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 1);
}

TEST_CASE("an empty file is no database yet, and may become one") {
  const Place place;
  place.write("");
  CHECK(place.refusal().find("is not a kundehub database") != std::string::npos);
  CHECK(sqlite::create_database(place.file) == sqlite::DatabaseState::created);
  CHECK(place.refusal() == "accepted");
}

TEST_CASE("a database of a newer or an older schema says which kundehub helps") {
  const Place place;
  sqlite::create_database(place.file);
  place.sql("PRAGMA user_version = 999");
  const std::string newest = std::to_string(sqlite::newest_schema());
  const std::string newer = "the database " + place.name() + " has schema 999, and this kundehub knows only up to " +
                            newest + " / use the newer kundehub that made it";
  CHECK(place.refusal() == newer);
  CHECK(place.creation_refusal() == newer);
  place.sql("PRAGMA user_version = 0");
  CHECK(place.refusal() == "the database " + place.name() + " has schema 0, and this kundehub needs " + newest +
                               " / kundehub db migrate brings it up to date");
}

TEST_CASE("a database of an older schema is brought up to date, with a copy of what it was") {
  const Place place;
  place.write("");
  place.sql(std::string(embedded_file("0001_initial.sql")).c_str());
  place.sql("PRAGMA user_version = 1; PRAGMA application_id = 1802858084");
  place.sql("INSERT INTO setting (key, value) VALUES ('mark', 7)");
  CHECK(place.refusal().ends_with(" / kundehub db migrate brings it up to date"));
  CHECK(sqlite::create_database(place.file) == sqlite::DatabaseState::upgraded);
  CHECK(place.refusal() == "accepted");
  const std::string mark = "SELECT value FROM setting WHERE key = 'mark'";
  CHECK(SQLite::Database(place.file.native()).execAndGet(mark).getInt() == 7);
  const std::string copy = place.file.native() + ".schema-1";
  CHECK(mode_of(copy) == 0600);
  SQLite::Database kept(copy);
  CHECK(kept.execAndGet(mark).getInt() == 7);
  CHECK(kept.execAndGet("PRAGMA user_version").getInt() == 1);
  CHECK(sqlite::create_database(place.file) == sqlite::DatabaseState::present);
}

TEST_CASE("a database that cannot be brought up to date stays as it was") {
  const Place place;
  place.write("");
  place.sql(std::string(embedded_file("0001_initial.sql")).c_str());
  place.sql("PRAGMA user_version = 1; PRAGMA application_id = 1802858084");
  place.sql("CREATE TABLE merged_customer (in_the_way)");
  CHECK_THROWS(sqlite::create_database(place.file));
  CHECK(SQLite::Database(place.file.native()).execAndGet("PRAGMA user_version").getInt() == 1);
}

TEST_CASE("a database that every user may read is refused, one for a group is not") {
  const Place place;
  sqlite::create_database(place.file);
  REQUIRE(chmod(place.file.c_str(), 0644) == 0);
  CHECK(place.refusal() == "the database " + place.name() +
                               " can be read by every user of this machine / chmod o= " + place.file.native());
  REQUIRE(chmod(place.file.c_str(), 0640) == 0);
  CHECK(place.refusal() == "accepted");
}

TEST_CASE("a folder that may not be read is a matter of permission") {
  if (geteuid() == 0) return;  // root may read everything
  const Place place;
  sqlite::create_database(place.file);
  fs::permissions(place.folder.path(), fs::perms::none);
  CHECK(place.refusal(ErrorKind::permission).find("cannot be opened") != std::string::npos);
  fs::permissions(place.folder.path(), fs::perms::owner_all);
}

TEST_CASE("a statement begins anew each time: nothing bound, no row left, whatever its last use came to") {
  sqlite::Connection database = sqlite::open_memory_database();
  database.exec("CREATE TABLE t (a UNIQUE)");
  const std::string insert = "INSERT INTO t VALUES (:a) RETURNING a IS NULL";
  {
    sqlite::Statement statement(database, insert);
    statement.bind(":a", 1);
    CHECK(statement.executeStep());
  }
  {
    sqlite::Statement again(database, insert);
    again.bind(":a", 1);
    CHECK_THROWS_AS(again.executeStep(), SQLite::Exception);
  }
  {
    sqlite::Statement unbound(database, insert);
    REQUIRE(unbound.executeStep());
    CHECK(unbound.getColumn(0).getInt() == 1);
  }
  CHECK(database.execAndGet("SELECT count(*) FROM t").getInt() == 2);
  CHECK_NOTHROW(database.exec("DROP TABLE t"));  // none is still reading it
}

TEST_CASE("two statements with one text do not disturb each other") {
  sqlite::Connection database = sqlite::open_memory_database();
  const std::string count =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n";
  std::string seen;
  sqlite::Statement outer(database, count);
  while (outer.executeStep()) {
    sqlite::Statement inner(database, count);
    while (inner.executeStep())
      seen += std::to_string(10 * outer.getColumn(0).getInt() + inner.getColumn(0).getInt()) + " ";
  }
  CHECK(seen == "11 12 13 21 22 23 31 32 33 ");
}

TEST_CASE("a statement is prepared once, by whichever way it is handed on") {
  sqlite::Connection database = sqlite::open_memory_database();
  const auto prepared = [&] { return sqlite3_next_stmt(database.getHandle(), nullptr); };
  const auto make = [&] {
    sqlite::Statement statement(database, "SELECT 1");
    return statement;
  };
  CHECK(prepared() == nullptr);
  for (int use = 0; use < 3; ++use) {
    sqlite::Statement moved = std::move(make());
    CHECK(moved.executeStep());
  }
  REQUIRE(prepared() != nullptr);
  CHECK(sqlite3_next_stmt(database.getHandle(), prepared()) == nullptr);
}

TEST_CASE("the steps of the schema are applied once") {
  sqlite::Connection database = sqlite::open_memory_database();
  CHECK_NOTHROW(sqlite::migrate(database));
  CHECK(database.execAndGet("SELECT count(*) FROM module").getInt() == 4);
}
