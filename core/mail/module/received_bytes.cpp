#include "core/mail/module/received_bytes.hpp"

#include <linux/tcp.h>  // glibc's netinet/tcp.h has an older tcp_info
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>

namespace kundehub::mail {

std::optional<std::uint64_t> received_bytes(int socket) noexcept {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  if (size < offsetof(tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received) return std::nullopt;
  return info.tcpi_bytes_received;
}

}  // namespace kundehub::mail
