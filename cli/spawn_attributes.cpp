#include "cli/spawn_attributes.hpp"

#include <csignal>

namespace kundehub::cli {

SpawnAttributes::SpawnAttributes() {
  posix_spawnattr_init(&m_attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  for (const int signal : {SIGINT, SIGQUIT, SIGPIPE, SIGXFSZ}) sigaddset(&defaults, signal);
  posix_spawnattr_setsigdefault(&m_attributes, &defaults);
  posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETSIGDEF);
}

}  // namespace kundehub::cli
