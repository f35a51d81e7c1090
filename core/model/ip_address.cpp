#include "core/model/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

using Bytes = std::array<unsigned char, sizeof(in6_addr)>;
using Prefix = std::array<unsigned char, 12>;

/// ::ffff:0:0/96 and 64:ff9b::/96, in which IPv6 writes IPv4 addresses (RFC 4291, section 2.5.5.2; RFC 6052).
constexpr Prefix mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr Prefix translated_prefix{0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

bool begins_with(const Bytes& bytes, const Prefix& prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

std::string to_text(int family, const Bytes& bytes) {
  std::array<char, INET6_ADDRSTRLEN> name{};
  inet_ntop(family, bytes.data(), name.data(), name.size());
  return name.data();
}

}  // namespace

std::string parse_ip_address(const std::string& text) {
  Bytes bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return to_text(AF_INET, bytes);
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) {
    if (!begins_with(bytes, mapped_prefix)) return to_text(AF_INET6, bytes);
    std::copy(bytes.begin() + mapped_prefix.size(), bytes.end(), bytes.begin());
    return to_text(AF_INET, bytes);
  }
  throw Error(ErrorKind::bad_data, tr("{} is not an IP address", text::quoted(text)),
              tr("write it as 192.0.2.7 or 2001:db8::7"));
}

std::string network_of(const std::string& ip) {
  Bytes bytes{};
  if (inet_pton(AF_INET6, ip.c_str(), bytes.data()) != 1) return ip;
  if (begins_with(bytes, translated_prefix)) return ip;
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return to_text(AF_INET6, bytes);
}

}  // namespace kundehub
