#include "core/store/sqlite/sqlite_store.hpp"

#include <atomic>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "core/store/operation.hpp"
#include "core/store/sqlite/connection.hpp"
#include "tests/support/mail_fixture.hpp"
#include "tests/support/records.hpp"

using namespace kundehub;
using namespace kundehub::test;
using kundehub::mail_test::ScratchDirectory;
using sqlite::Access;
using sqlite::FileLock;
using sqlite::SqliteStore;
namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct FileStore {
  FileStore() {
    sqlite::create_database(file);
    fs::create_symlink(file, link);
  }

  bool someone_writes() const { return FileLock::acquire(file.native() + ".write", seconds(0)) == nullptr; }

  ScratchDirectory folder;
  fs::path file = folder.path() / "kundehub.db";
  fs::path link = folder.path() / "link.db";
};

const OperationContext context{.actor = "admin", .host = "desk", .command = "test", .at = test_time()};

void add_customer(SqliteStore& store, const std::string& name) {
  CustomerData data;
  data.name = name;
  const auto operation = store.begin_operation(context, OperationMode::keep);
  operation->add_customer(data, std::nullopt);
  operation->commit();
}

int count(SqliteStore& store) {
  return store.database().execAndGet("SELECT count(*) FROM customer").getInt();
}

}  // namespace

TEST_CASE("what one store has committed, another sees") {
  const FileStore files;
  SqliteStore writer(files.file, Access::write), reader(files.link, Access::read);
  add_customer(writer, "Nordlys");
  CHECK(count(reader) == 1);
}

TEST_CASE("a writer has its turn before it opens the database and gives it back with the commit") {
  const FileStore files;
  SqliteStore writer(files.file, Access::write);
  CHECK(files.someone_writes());
  add_customer(writer, "Nordlys");
  CHECK_FALSE(files.someone_writes());
  const auto second = writer.begin_operation(context, OperationMode::keep);
  CHECK(files.someone_writes());
  second->commit();
  CHECK_FALSE(files.someone_writes());
}

TEST_CASE("a reader takes no turn") {
  const FileStore files;
  const SqliteStore reader(files.file, Access::read);
  CHECK_FALSE(files.someone_writes());
}

TEST_CASE("an operation that is dropped gives the turn back and leaves nothing") {
  const FileStore files;
  SqliteStore store(files.file, Access::write);
  {
    CustomerData data;
    data.name = "Nordlys";
    const auto operation = store.begin_operation(context, OperationMode::keep);
    operation->add_customer(data, std::nullopt);
    CHECK(count(store) == 1);
  }
  CHECK_FALSE(files.someone_writes());
  CHECK(count(store) == 0);
  CHECK(store.database().execAndGet("SELECT count(*) FROM operation").getInt() == 0);
}

TEST_CASE("the next writer waits for the turn and then has it") {
  const FileStore files;
  SqliteStore first(files.file, Access::write);
  auto operation = first.begin_operation(context, OperationMode::keep);
  std::atomic<bool> done = false;
  std::thread other([&] {
    SqliteStore second(files.link, Access::write);
    done = true;
    add_customer(second, "Nordlys");
  });
  std::this_thread::sleep_for(milliseconds(200));
  CHECK_FALSE(done);
  operation.reset();
  other.join();
  CHECK(done);
  CHECK(count(first) == 1);
}

TEST_CASE("a symbolic link names the same locks as the database itself") {
  const FileStore files;
  SqliteStore by_link(files.link, Access::write);
  CHECK(files.someone_writes());
  CHECK_FALSE(fs::exists(files.link.native() + ".write"));
  const auto lease = by_link.try_delivery_lease(seconds(0));
  REQUIRE(lease);
  CHECK(fs::exists(files.file.native() + ".send"));
  CHECK_FALSE(fs::exists(files.link.native() + ".send"));
  SqliteStore by_name(files.file, Access::read);
  CHECK_FALSE(by_name.try_delivery_lease(seconds(0)));
}

TEST_CASE("the right to deliver has one holder, and others see how long it has been idle") {
  const FileStore files;
  SqliteStore first(files.file, Access::read), second(files.file, Access::read);
  CHECK_FALSE(first.delivery_idle());
  auto lease = first.try_delivery_lease(seconds(0));
  REQUIRE(lease);
  CHECK_FALSE(second.try_delivery_lease(seconds(0)));
  CHECK(second.delivery_idle().value() < seconds(60));
  fs::last_write_time(files.file.native() + ".send", fs::file_time_type::clock::now() - std::chrono::minutes(20));
  CHECK(second.delivery_idle().value() >= std::chrono::minutes(19));
  lease->touch();
  CHECK(second.delivery_idle().value() < seconds(60));
  lease.reset();
  CHECK(second.try_delivery_lease(seconds(0)));
}

TEST_CASE("a writer on a database that is missing leaves no lock file behind") {
  const ScratchDirectory folder;
  CHECK_THROWS_AS(SqliteStore(folder.path() / "none.db", Access::write), Error);
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("no exception of SQLite leaves the store") {
  Records records;
  records.sql("DROP TABLE contact");
  try {
    records.store->find_contacts(ContactSelector(ContactId{1}), std::nullopt);
    FAIL("found");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::internal);
    CHECK(std::string(error.what()) == "database: no such table: contact");
  }
}
