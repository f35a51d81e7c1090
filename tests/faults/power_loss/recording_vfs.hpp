#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "tests/faults/power_loss/disk_event.hpp"

namespace kundehub::test {

/// SQLite's default file system while it lives: it does what the one before it did, and keeps what was asked of the
/// disk. Files without a name, which are gone with their connection, are left out. For one thread.
class RecordingVfs {
 public:
  RecordingVfs();
  ~RecordingVfs();
  RecordingVfs(const RecordingVfs&) = delete;
  RecordingVfs& operator=(const RecordingVfs&) = delete;

  [[nodiscard]] const std::vector<DiskEvent>& events() const { return m_events; }

  /// Notes that somebody has been told that all is saved.
  void acknowledge() { m_events.push_back({.kind = DiskEventKind::acknowledged}); }

 private:
  struct File;
  static File& recorded(sqlite3_file* file);
  static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags);
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder);
  static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset);
  static int resize(sqlite3_file* file, sqlite3_int64 size);
  static int sync(sqlite3_file* file, int flags);
  template <auto method, class... Arguments>
  static int forward(sqlite3_file* file, Arguments... arguments);
  static const sqlite3_io_methods& methods();
  int number_of(const std::filesystem::path& name, bool is_there);

  sqlite3_vfs* m_real;
  sqlite3_vfs m_vfs;
  std::map<std::string, int> m_names;  ///< what is in the folder, and the number of its file
  int m_files = 0;                     ///< how many there have been
  std::vector<DiskEvent> m_events;
};

}  // namespace kundehub::test
