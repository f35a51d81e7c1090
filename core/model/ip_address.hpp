#pragma once

#include <string>

namespace kundehub {

/// As inet_ntop writes it, so that one address is always the same text (RFC 5952); an IPv4 address that is written as
/// an IPv6 one comes back as itself. Throws Error{bad_data}.
std::string parse_ip_address(const std::string& text);

/// What one subscriber has for sure: an IPv4 address itself, the first 64 bits of an IPv6 one (RFC 6177), as
/// `2001:db8:1:2::`; of one that stands for an IPv4 address, all of it. `ip`: as parse_ip_address gives it.
std::string network_of(const std::string& ip);

}  // namespace kundehub
