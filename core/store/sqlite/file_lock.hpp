#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

namespace kundehub::sqlite {

/// An exclusive flock(2) on a file of its own, which is made if missing (mode 0600) and never unlinked: two processes
/// would hold two files of one name. The kernel frees it when the process dies.
class FileLock {
 public:
  /// Waits its turn behind other holders. Null if `wait` has passed. Throws Error{permission}.
  static std::unique_ptr<FileLock> acquire(const std::filesystem::path& path, std::chrono::seconds wait);

  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  /// Sets the file's modification time to now.
  void touch() noexcept;

 private:
  explicit FileLock(int fd) : m_fd(fd) {}

  int m_fd;
};

}  // namespace kundehub::sqlite
