#include "core/model/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"

namespace kundehub {
namespace {

/// ::ffff:0:0/96, in which IPv6 writes IPv4 addresses (RFC 4291, section 2.5.5.2).
constexpr std::array<unsigned char, 12> ipv4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

using Bytes = std::array<unsigned char, sizeof(in6_addr)>;

std::string to_text(int family, const Bytes& bytes) {
  std::array<char, INET6_ADDRSTRLEN> name{};
  inet_ntop(family, bytes.data(), name.data(), name.size());
  return name.data();
}

}  // namespace

std::string parse_ip_address(const std::string& text) {
  Bytes bytes{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, text.c_str(), bytes.data()) == 1) return to_text(family, bytes);
  }
  throw Error(ErrorKind::bad_data, fmt::format("{} is not an IP address", text::quoted(text)),
              "write it as 192.0.2.7 or 2001:db8::7");
}

std::string network_of(const std::string& ip) {
  Bytes bytes{};
  if (inet_pton(AF_INET6, ip.c_str(), bytes.data()) != 1) return ip;
  const bool is_ipv4 = std::equal(ipv4_prefix.begin(), ipv4_prefix.end(), bytes.begin());
  if (is_ipv4) return ip;
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return to_text(AF_INET6, bytes);
}

}  // namespace kundehub
