#include "core/store/sqlite/backup.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include <SQLiteCpp/Backup.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, int reason) {
  throw Error(reason == EACCES ? ErrorKind::permission : ErrorKind::no_output,
              tr("the copy {} cannot be made: {}", text::quoted(file.native()), std::strerror(reason)));
}

/// A rename is durable once its folder is.
void sync_folder(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const Descriptor descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() < 0 || fsync(descriptor.get()) != 0) fail(file, errno);
}

/// False if the name belongs to another file by now, or to none.
bool is_named(int fd, const std::filesystem::path& part, const std::filesystem::path& file) {
  struct stat own {
  }, named{};
  if (fstat(fd, &own) != 0) fail(file, errno);
  if (stat(part.c_str(), &named) != 0) {
    if (errno == ENOENT) return false;
    fail(file, errno);
  }
  return own.st_ino == named.st_ino && own.st_dev == named.st_dev;
}

/// The file, empty and locked. One that a killed process has left is used anew.
Descriptor claim(const std::filesystem::path& part, const std::filesystem::path& file) {
  for (;;) {
    Descriptor descriptor(open(part.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
    const int fd = descriptor.get();
    if (fd < 0) fail(file, errno);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) fail(file, errno);
      throw Error(ErrorKind::temporary, tr("another kundehub is just making {}", text::quoted(file.native())),
                  tr("try again when it has ended"));
    }
    if (!is_named(fd, part, file)) continue;  // whoever had it has given it its name meanwhile
    if (fchmod(fd, 0600) != 0 || ftruncate(fd, 0) != 0) fail(file, errno);
    return descriptor;
  }
}

}  // namespace

DatabaseCopy::DatabaseCopy(Connection& source, const std::filesystem::path& file)
    : m_file(file), m_part(file.native() + ".part"), m_lock(claim(m_part, file)) {
  try {
    Connection target(m_part.native(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX);
    copy_database(target, source);  // synced when it is committed
  } catch (...) {
    unlink(m_part.c_str());
    throw;
  }
}

DatabaseCopy::~DatabaseCopy() {
  if (!m_is_kept) unlink(m_part.c_str());
}

void DatabaseCopy::keep_as(const std::filesystem::path& file) {
  if (rename(m_part.c_str(), file.c_str()) != 0) fail(file, errno);
  m_is_kept = true;
  sync_folder(file);
}

void copy_database(Connection& target, Connection& source) {
  SQLite::Backup copying(target, source);
  if (copying.executeStep() == SQLITE_DONE) return;  // a lock that stays is no exception there
  throw Error(ErrorKind::temporary, tr("the database is in use by another program"), tr("try again in a moment"));
}

void check_soundness(Connection& database, const std::string& what) {
  SQLite::Statement integrity(database, "PRAGMA integrity_check(1)");
  if (integrity.executeStep() && integrity.getColumn(0).getString() != "ok") {
    throw Error(ErrorKind::config, tr("{} is damaged: {}", what, integrity.getColumn(0).getString()),
                tr("use another backup"));
  }
  SQLite::Statement references(database, "PRAGMA foreign_key_check");
  if (references.executeStep()) {
    throw Error(ErrorKind::config,
                tr("{} is damaged: a row of {} refers to nothing", what, references.getColumn(0).getString()),
                tr("use another backup"));
  }
}

void back_up(Connection& database, const std::filesystem::path& file) {
  DatabaseCopy copy(database, file);
  {
    Connection check(copy.part().native(), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX);
    check_soundness(check, tr("the copy {}", text::quoted(file.native())));
  }
  copy.keep();
}

}  // namespace kundehub::sqlite
