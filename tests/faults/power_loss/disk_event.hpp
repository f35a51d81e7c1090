#pragma once

#include <cstdint>
#include <string>

namespace kundehub::test {

/// What a program has asked of its disk. `found`, `created` and `removed` are entries of the one folder there is.
enum class DiskEventKind { found, created, removed, folder_synced, written, resized, synced, acknowledged };

struct DiskEvent {
  DiskEventKind kind;
  int file = -1;            ///< each file that was ever made has its own number, whatever its name; -1: no file's event
  std::string name{};       ///< of found, created, removed
  std::int64_t offset = 0;  ///< written: where; resized: how long it is then
  std::string bytes{};      ///< found: all that is in it; written: what
};

}  // namespace kundehub::test
