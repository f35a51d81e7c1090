#pragma once

#include <cstdint>
#include <optional>

namespace kundehub::mail {

/// How many bytes the kernel has received on a TCP socket since it was connected, read or not. Absent where the kernel
/// does not count (before Linux 4.1) or the socket is closed.
std::optional<std::uint64_t> received_bytes(int socket) noexcept;

}  // namespace kundehub::mail
