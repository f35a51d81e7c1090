#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "core/durable_file.hpp"

namespace kundehub::sqlite {

/// An exclusive flock(2) on a file of its own, which is made if missing (mode 0600) and never unlinked: two processes
/// would hold two files of one name. The kernel frees it when the process dies.
class FileLock {
 public:
  /// Waits its turn behind other holders. Null if `wait` has passed. What is no matter of waiting is told at once:
  /// throws Error{permission}, Error{no_output}, and Error{temporary} where the system is short of files or locks.
  static std::unique_ptr<FileLock> acquire(const std::filesystem::path& path, std::chrono::seconds wait);

  /// Sets the file's modification time to now.
  void touch() noexcept;

 private:
  explicit FileLock(Descriptor file) : m_file(std::move(file)) {}

  Descriptor m_file;
};

/// The process that holds an exclusive flock(2) on `path`, by proc(5). Absent if none does, there is no such file, or
/// the kernel does not tell. Unlike a try to take the lock it can refuse it to nobody.
std::optional<int> holder_of(const std::filesystem::path& path);

}  // namespace kundehub::sqlite
