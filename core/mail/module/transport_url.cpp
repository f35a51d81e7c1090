#include "core/mail/module/transport_url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/core.h>

#include "core/mail/module/address.hpp"
#include "core/mail/module/plain_text.hpp"
#include "core/mail/module/unsendable.hpp"

namespace kundehub::mail {
namespace {

[[noreturn]] void refuse(std::string_view url, std::string_view why) {
  const std::string shown = url.find('@') == std::string_view::npos ? quoted(url) : "with an @";
  throw Unsendable(Blame::settings, fmt::format("mail transport {} {}: it is maildir:PATH, sendmail:PATH, "
                                                "smtp://host[:port] or smtps://host[:port]",
                                                shown, why));
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

SmtpUrl parse_smtp(SmtpScheme scheme, std::string_view url, std::string_view authority) {
  if (authority.ends_with('/')) authority.remove_suffix(1);
  const bool bracketed = authority.starts_with('[');
  const std::size_t host_end = bracketed ? authority.find(']') : authority.find(':');
  SmtpUrl parsed{.scheme = scheme};
  std::string_view rest = host_end == std::string_view::npos ? std::string_view() : authority.substr(host_end);
  if (bracketed) {
    if (rest.empty()) refuse(url, "has no ]");
    parsed.host = authority.substr(1, host_end - 1);
    if (!is_ipv6(parsed.host)) refuse(url, "has a malformed address in [ ]");
    rest.remove_prefix(1);
  } else {
    parsed.host = ascii_domain(authority.substr(0, host_end));
    if (parsed.host.empty()) refuse(url, "has a malformed host");
  }
  if (rest.empty()) return parsed;
  const auto port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
  if (!port) refuse(url, "has a malformed port");
  parsed.port = *port;
  return parsed;
}

}  // namespace

std::string SmtpUrl::text() const {
  const std::string_view name = scheme == SmtpScheme::smtps ? "smtps" : "smtp";
  const std::string authority = is_ipv6(host) ? fmt::format("[{}]", host) : host;
  return port == 0 ? fmt::format("{}://{}", name, authority) : fmt::format("{}://{}:{}", name, authority, port);
}

bool SmtpUrl::is_loopback() const {
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  if (inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return host == "localhost";
}

TransportUrl parse_transport_url(const std::string& url) {
  constexpr std::string_view maildir = "maildir:";
  constexpr std::string_view sendmail = "sendmail:";
  constexpr std::string_view smtp = "smtp://";
  constexpr std::string_view smtps = "smtps://";
  const std::string_view text = url;
  if (const std::string_view fault = line_fault(text); !fault.empty()) refuse(text, fault);
  if (text.starts_with(smtp)) return parse_smtp(SmtpScheme::smtp, text, text.substr(smtp.size()));
  if (text.starts_with(smtps)) return parse_smtp(SmtpScheme::smtps, text, text.substr(smtps.size()));
  if (text.starts_with(sendmail)) {
    if (!text.substr(sendmail.size()).starts_with('/')) refuse(text, "has no absolute path");
    return SendmailUrl{std::string(text.substr(sendmail.size()))};
  }
  if (!text.starts_with(maildir)) refuse(text, "is unknown");
  if (text.size() == maildir.size()) refuse(text, "has no path");
  return MaildirUrl{std::string(text.substr(maildir.size()))};
}

}  // namespace kundehub::mail
