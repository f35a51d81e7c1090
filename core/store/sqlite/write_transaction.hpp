#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/store/operation.hpp"
#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/file_lock.hpp"

namespace kundehub::sqlite {

/// Waits for the turn to write, 60 s at most. Null for a database in memory. Throws Error{temporary}.
std::unique_ptr<FileLock> wait_for_turn(const std::filesystem::path& database);

/// A transaction that writes: the turn is taken before and given back after it. Rolled back unless committed.
class WriteTransaction {
 public:
  /// `held`: the turn, if the caller has it already.
  WriteTransaction(Connection& database, const std::filesystem::path& path, std::unique_ptr<FileLock> held);
  ~WriteTransaction();
  WriteTransaction(const WriteTransaction&) = delete;
  WriteTransaction& operator=(const WriteTransaction&) = delete;

  void commit();
  void rollback() noexcept;

 private:
  Connection& m_database;
  std::unique_ptr<FileLock> m_turn;
  bool m_open = true;
};

/// After a change has thrown: whether it is saved all the same, as the disk may fail behind it. `holds` looks for it in
/// the database, which is opened anew.
Saved read_back(const std::filesystem::path& path, const std::function<bool(Connection&)>& holds) noexcept;

/// How what went wrong is told once a change is saved, or may be.
std::string trouble_behind(Saved saved, const std::string& what);

}  // namespace kundehub::sqlite
