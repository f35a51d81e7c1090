#include "core/store/sqlite/backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"

namespace kundehub::sqlite {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw Error(ErrorKind::no_output,
              fmt::format("the copy {} cannot be made: {}", text::quoted(file.native()), std::strerror(errno)));
}

/// A rename is durable once its folder is.
void sync_folder(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) fail(file);
  const bool synced = fsync(fd) == 0;
  close(fd);
  if (!synced) fail(file);
}

}  // namespace

void back_up(Connection& database, const std::filesystem::path& file) {
  std::filesystem::path part = file;
  part += ".part";
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  const int fd = open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) fail(file);
  close(fd);
  try {
    database.backup(part.c_str(), SQLite::Database::BackupType::Save);  // synced when it is committed
    if (rename(part.c_str(), file.c_str()) != 0) fail(file);
  } catch (...) {
    std::filesystem::remove(part, ignored);
    throw;
  }
  sync_folder(file);
}

}  // namespace kundehub::sqlite
