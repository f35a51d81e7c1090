#include "tests/faults/power_loss/recording_vfs.hpp"

#include <stdexcept>

#include "tests/support/mail_fixture.hpp"

namespace kundehub::test {

/// What SQLite keeps for an open file; the real one's lies behind it.
struct RecordingVfs::File {
  sqlite3_file base;
  RecordingVfs* vfs;
  int number;
  bool syncs_folder;  ///< the first sync of a new journal takes its entry in the folder along

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

namespace {

/// A file system that can do no more than any: what others promise is not relied on.
int characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

}  // namespace

RecordingVfs::RecordingVfs() : m_real(sqlite3_vfs_find(nullptr)), m_vfs(*m_real) {
  // What is not about files (time, random numbers) is the copy's as well as the real one's.
  m_vfs.zName = "recording";
  m_vfs.szOsFile = static_cast<int>(sizeof(File)) + m_real->szOsFile;
  m_vfs.pAppData = this;
  m_vfs.xOpen = open;
  m_vfs.xDelete = remove;
  if (sqlite3_vfs_register(&m_vfs, 1) != SQLITE_OK) throw std::runtime_error("sqlite3_vfs_register");
}

RecordingVfs::~RecordingVfs() {
  sqlite3_vfs_unregister(&m_vfs);
  sqlite3_vfs_register(m_real, 1);
}

RecordingVfs::File& RecordingVfs::recorded(sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}

int RecordingVfs::number_of(const std::filesystem::path& name, bool is_there) {
  const std::string entry = name.filename();
  if (const auto known = m_names.find(entry); known != m_names.end()) return known->second;
  const int number = m_files++;
  m_names.emplace(entry, number);
  m_events.push_back({.kind = is_there ? DiskEventKind::found : DiskEventKind::created,
                      .file = number,
                      .name = entry,
                      .bytes = is_there ? mail_test::read_file(name) : std::string()});
  return number;
}

int RecordingVfs::open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  auto& self = *static_cast<RecordingVfs*>(vfs->pAppData);
  // What is unknown is read before SQLite opens it: a descriptor that is closed later would free SQLite's locks.
  const bool is_there = name != nullptr && std::filesystem::exists(name);
  if (is_there) self.number_of(name, is_there);
  File& opened = recorded(file);
  opened.base.pMethods = nullptr;
  const int result = self.m_real->xOpen(self.m_real, name, opened.real(), flags, out_flags);
  if (opened.real()->pMethods == nullptr) return result;
  opened.base.pMethods = &methods();
  opened.vfs = &self;
  opened.number = name != nullptr && result == SQLITE_OK ? self.number_of(name, is_there) : -1;
  opened.syncs_folder = !is_there && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0;
  return result;
}

int RecordingVfs::remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  auto& self = *static_cast<RecordingVfs*>(vfs->pAppData);
  const int result = self.m_real->xDelete(self.m_real, name, sync_folder);
  if (result != SQLITE_OK) return result;
  const std::string entry = std::filesystem::path(name).filename();
  self.m_events.push_back({.kind = DiskEventKind::removed, .file = self.m_names.at(entry), .name = entry});
  self.m_names.erase(entry);
  if (sync_folder != 0) self.m_events.push_back({.kind = DiskEventKind::folder_synced});
  return result;
}

int RecordingVfs::write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  File& to = recorded(file);
  const int result = to.real()->pMethods->xWrite(to.real(), bytes, size, offset);
  if (result == SQLITE_OK && to.number >= 0) {
    to.vfs->m_events.push_back({.kind = DiskEventKind::written,
                                .file = to.number,
                                .offset = offset,
                                .bytes = {static_cast<const char*>(bytes), static_cast<std::size_t>(size)}});
  }
  return result;
}

int RecordingVfs::resize(sqlite3_file* file, sqlite3_int64 size) {
  File& of = recorded(file);
  const int result = of.real()->pMethods->xTruncate(of.real(), size);
  if (result == SQLITE_OK && of.number >= 0)
    of.vfs->m_events.push_back({.kind = DiskEventKind::resized, .file = of.number, .offset = size});
  return result;
}

int RecordingVfs::sync(sqlite3_file* file, int flags) {
  File& of = recorded(file);
  const int result = of.real()->pMethods->xSync(of.real(), flags);
  if (result != SQLITE_OK || of.number < 0) return result;
  of.vfs->m_events.push_back({.kind = DiskEventKind::synced, .file = of.number});
  if (of.syncs_folder) of.vfs->m_events.push_back({.kind = DiskEventKind::folder_synced});
  of.syncs_folder = false;
  return result;
}

template <auto method, class... Arguments>
int RecordingVfs::forward(sqlite3_file* file, Arguments... arguments) {
  sqlite3_file* real = recorded(file).real();
  return (real->pMethods->*method)(real, arguments...);
}

/// Of the first version: without shared memory and mapped pages, which would pass the recording by.
const sqlite3_io_methods& RecordingVfs::methods() {
  using Real = sqlite3_io_methods;
  static const Real methods = [] {
    Real own{};
    own.iVersion = 1;
    own.xClose = forward<&Real::xClose>;
    own.xRead = forward<&Real::xRead>;
    own.xWrite = write;
    own.xTruncate = resize;
    own.xSync = sync;
    own.xFileSize = forward<&Real::xFileSize>;
    own.xLock = forward<&Real::xLock>;
    own.xUnlock = forward<&Real::xUnlock>;
    own.xCheckReservedLock = forward<&Real::xCheckReservedLock>;
    own.xFileControl = forward<&Real::xFileControl>;
    own.xSectorSize = forward<&Real::xSectorSize>;
    own.xDeviceCharacteristics = characteristics;
    return own;
  }();
  return methods;
}

}  // namespace kundehub::test
