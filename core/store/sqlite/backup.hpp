#pragma once

#include <filesystem>

#include "core/durable_file.hpp"
#include "core/store/sqlite/connection.hpp"

namespace kundehub::sqlite {

/// A copy of a database in the making: `<file>.part`, mode 0600. It is removed on destruction unless it has become
/// `file`. One process at a time may make a copy of that name.
class DatabaseCopy {
 public:
  /// Copies all of `source` with SQLite's backup, and syncs it. Throws Error{temporary} if another process makes it,
  /// Error{no_output}, and SQLite::Exception.
  DatabaseCopy(Connection& source, const std::filesystem::path& file);
  ~DatabaseCopy();
  DatabaseCopy(const DatabaseCopy&) = delete;
  DatabaseCopy& operator=(const DatabaseCopy&) = delete;

  [[nodiscard]] const std::filesystem::path& part() const { return m_part; }

  /// Gives it its name, durably; a file of that name is replaced.
  void keep() { keep_as(m_file); }

  /// Gives it another name in the same folder.
  void keep_as(const std::filesystem::path& file);

 private:
  std::filesystem::path m_file, m_part;
  Descriptor m_lock;
  bool m_is_kept = false;
};

/// Makes `target` what `source` is, in one transaction. Throws Error{temporary} if either stays locked, and
/// SQLite::Exception.
void copy_database(Connection& target, Connection& source);

/// Throws Error{config} if SQLite finds the database damaged or a reference broken. `what` is how messages call it.
void check_soundness(Connection& database, const std::string& what);

/// Copies the database to `file` (mode 0600), under another name until all of it is checked and on the disk; a file of
/// that name is replaced. Throws as DatabaseCopy and check_soundness.
void back_up(Connection& database, const std::filesystem::path& file);

}  // namespace kundehub::sqlite
