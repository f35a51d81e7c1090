#pragma once

#include <map>
#include <random>
#include <span>
#include <string>

#include "tests/faults/power_loss/disk_event.hpp"

namespace kundehub::test {

using Random = std::mt19937_64;

/// At most `count` - 1. The same on every machine, unlike the standard's distributions.
inline std::size_t below(std::size_t count, Random& random) {
  return static_cast<std::size_t>(random() % count);
}

/// What a disk holds after a power loss.
struct DiskImage {
  std::map<std::string, std::string> files;                       ///< name, content
  int dropped = 0, torn = 0, reordered = 0, forgotten_names = 0;  ///< what of it was not as it had been asked for
};

/// One of the many images that a power loss behind `events` may leave. What was synced is there. Of each file any of
/// the writes since may be missing, whole or by sectors of 512 bytes, and they may have come in any order, as may
/// changes of its length; where a file grew and its content did not come there may be anything. A name may still be
/// what it was at the folder's last sync, or anything that it has been since.
DiskImage lose_power(std::span<const DiskEvent> events, Random& random);

}  // namespace kundehub::test
