#include "core/store/sqlite/file_lock.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string_view>
#include <thread>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "tests/support/mail_fixture.hpp"

using namespace kundehub;
using kundehub::mail_test::ScratchDirectory;
using kundehub::sqlite::FileLock;
using kundehub::sqlite::holder_of;
namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

TEST_CASE("a lock has one holder, and its file stays when it is given back") {
  const ScratchDirectory folder;
  const fs::path file = folder.path() / "lock";
  auto first = FileLock::acquire(file, seconds(0));
  REQUIRE(first);
  CHECK_FALSE(FileLock::acquire(file, seconds(0)));
  first.reset();
  CHECK(fs::exists(file));
  CHECK(FileLock::acquire(file, seconds(0)));
  struct stat info {};
  REQUIRE(stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0600);
}

TEST_CASE("whoever waits gets the lock when it is given back, or nothing in the end") {
  const ScratchDirectory folder;
  const fs::path file = folder.path() / "lock";
  auto first = FileLock::acquire(file, seconds(0));
  const auto start = steady_clock::now();
  CHECK_FALSE(FileLock::acquire(file, seconds(1)));
  CHECK(steady_clock::now() - start >= milliseconds(900));
  std::thread holder([&] {
    std::this_thread::sleep_for(milliseconds(100));
    first.reset();
  });
  CHECK(FileLock::acquire(file, seconds(30)));
  CHECK(steady_clock::now() - start < seconds(20));
  holder.join();
}

TEST_CASE("a waiter that gave up does not take the lock away later") {
  const ScratchDirectory folder;
  const fs::path file = folder.path() / "lock";
  auto first = FileLock::acquire(file, seconds(0));
  CHECK_FALSE(FileLock::acquire(file, seconds(1)));
  first.reset();
  CHECK(FileLock::acquire(file, seconds(5)));
}

TEST_CASE("a lock follows no symbolic link and hangs on no FIFO") {
  const ScratchDirectory folder;
  fs::create_symlink(folder.path() / "elsewhere", folder.path() / "link");
  CHECK_THROWS_AS(FileLock::acquire(folder.path() / "link", seconds(0)), Error);
  CHECK_FALSE(fs::exists(folder.path() / "elsewhere"));
  try {
    FileLock::acquire(folder.path() / "missing" / "lock", seconds(0));
    FAIL("made");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::permission);
    CHECK(error.hint() == "the database's folder must be writable to whoever changes it");
  }
}

TEST_CASE("touching a lock shows that its holder makes progress") {
  const ScratchDirectory folder;
  const fs::path file = folder.path() / "lock";
  const auto lock = FileLock::acquire(file, seconds(0));
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(file, old);
  lock->touch();
  CHECK(fs::last_write_time(file) > old + std::chrono::minutes(59));
}

TEST_CASE("a lock that cannot be had is told of at once, with its reason") {
  const ScratchDirectory folder;
  const fs::path file = folder.path() / "lock";
  const auto refusal = [&] {
    try {
      FileLock::acquire(file, seconds(60));
    } catch (const Error& error) {
      return error;
    }
    return Error(ErrorKind::internal, "none");
  };
  rlimit files{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &files) == 0);
  const rlimit none{3, files.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  const Error error = refusal();
  setrlimit(RLIMIT_NOFILE, &files);
  CHECK(error.kind() == ErrorKind::temporary);
  CHECK(std::string_view(error.what()).ends_with("cannot be locked: Too many open files"));
}

TEST_CASE("the holder of a lock is known without a try to take it") {
  const ScratchDirectory folder;
  const fs::path file = folder.path() / "lock";
  CHECK_FALSE(holder_of(file));
  CHECK_FALSE(fs::exists(file));
  auto lock = FileLock::acquire(file, seconds(0));
  CHECK(holder_of(file) == getpid());
  lock.reset();
  CHECK_FALSE(holder_of(file));
}
