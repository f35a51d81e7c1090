#include "core/store/sqlite/errors.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

using namespace kundehub;

TEST_CASE("each of SQLite's failures has a meaning for the admin") {
  const auto kind = [](int code) { return sqlite::translate(SQLite::Exception("what", code)).kind(); };
  for (const int code : {SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM}) CHECK(kind(code) == ErrorKind::temporary);
  for (const int code : {SQLITE_FULL, SQLITE_IOERR, SQLITE_IOERR_READ}) CHECK(kind(code) == ErrorKind::no_output);
  for (const int code : {SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN}) CHECK(kind(code) == ErrorKind::permission);
  for (const int code : {SQLITE_CORRUPT, SQLITE_NOTADB}) CHECK(kind(code) == ErrorKind::config);
  for (const int code : {SQLITE_ERROR, SQLITE_CONSTRAINT, SQLITE_MISUSE}) CHECK(kind(code) == ErrorKind::internal);
  CHECK(sqlite::translate(SQLite::Exception("x", SQLITE_BUSY)).hint() == "try again in a moment");
  CHECK(sqlite::translate(SQLite::Exception("x", SQLITE_FULL)).hint() == "free some space and run the command again");
}

TEST_CASE("errors of ours pass through unchanged") {
  CHECK_THROWS_WITH_AS(sqlite::translated([]() -> int { throw Error(ErrorKind::conflict, "taken"); }), "taken", Error);
  CHECK(sqlite::translated([] { return 7; }) == 7);
}
