#include "core/config_checks.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "core/model/email_address.hpp"
#include "core/model/error.hpp"
#include "core/model/locale.hpp"
#include "core/model/module.hpp"
#include "core/model/time_zone.hpp"
#include "core/text/plain.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"
#include "core/text/utf8.hpp"

namespace kundehub::config_checks {
namespace {

constexpr std::size_t max_mailbox_chars = 320;

[[noreturn]] void refuse(std::string_view key, std::string_view value, std::string_view why, std::string hint = {}) {
  throw Error(ErrorKind::bad_data, fmt::format("{} {} {}", key, text::quoted(value), why), std::move(hint));
}

/// Runs a check of the domain's, whose message does not know the key.
template <class Check>
auto in_key(std::string_view key, Check check) {
  try {
    return check();
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}", key, error.what()), error.hint());
  }
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// What cannot stand in a URL bare (RFC 3986, section 2), but for letters of other scripts, which host names may have.
bool is_outside_urls(char c) {
  return is_control(c) || std::string_view(" \"<>\\^`{|}").find(c) != std::string_view::npos;
}

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), is_digit)) return false;
  const int port = std::stoi(std::string(text));
  return port >= 1 && port <= 65535;
}

/// The host of `host`, `host:port`, `[::1]` or `[::1]:port`; empty if it is none of them.
std::string_view host_of(std::string_view authority) {
  if (std::any_of(authority.begin(), authority.end(), [](char c) { return c == '@' || is_outside_urls(c); })) return {};
  const bool is_ipv6 = authority.starts_with('[');
  const std::size_t end = is_ipv6 ? authority.find(']') : authority.find(':');
  if (end == std::string_view::npos) return is_ipv6 ? std::string_view{} : authority;
  const std::string_view host = authority.substr(0, is_ipv6 ? end + 1 : end);
  const std::string_view rest = authority.substr(host.size());
  if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return {};
  return host;
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

/// The part after `prefix`, absent as a null view if `text` does not begin with it.
std::string_view after(std::string_view prefix, std::string_view text) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string_view{};
}

}  // namespace

std::string line(std::string_view key, std::string value) {
  return text::clean_line(key, value);
}

std::string path(std::string_view key, std::string value) {
  if (!text::is_valid_utf8(value)) refuse(key, value, tr("is not valid UTF-8"));
  if (std::any_of(value.begin(), value.end(), is_control)) refuse(key, value, tr("contains a control character"));
  return value;
}

std::string hub_url(std::string_view key, std::string value) {
  std::string url = text::clean_line(key, value);
  if (url.empty()) return url;
  const bool is_plain = url.starts_with("http://");
  const std::string_view rest = is_plain ? after("http://", url) : after("https://", url);
  if (rest.empty()) refuse(key, value, tr("does not begin with https:// and a host"));
  if (rest.find_first_of("?#") != std::string_view::npos)
    refuse(key, value, tr("has a query or a fragment: links are built on it"));
  const std::string_view host = host_of(rest.substr(0, rest.find('/')));
  if (host.empty() || std::any_of(rest.begin(), rest.end(), is_outside_urls))
    refuse(key, value, tr("has a malformed host or path"));
  if (is_plain && !is_this_machine(host)) {
    refuse(key, value, tr("is not encrypted: http:// is for localhost only"), tr("write https://"));
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string transport(std::string_view key, std::string value) {
  std::string url = path(key, std::move(value));
  if (url.empty() || !after("maildir:", url).empty()) return url;
  if (url.starts_with("sendmail:")) {
    if (!after("sendmail:", url).starts_with('/'))
      refuse(key, url, tr("is not of the form sendmail:/usr/sbin/sendmail"));
    return url;
  }
  if (!url.starts_with("smtp://") && !url.starts_with("smtps://")) {
    refuse(key, url, tr("begins with none of maildir:, sendmail:, smtp:// and smtps://"));
  }
  const std::string_view authority = std::string_view(url).substr(url.find("//") + 2);
  if (authority.find('@') != std::string_view::npos) {
    refuse(key, url, tr("names a user"), tr("mail.username and mail.password_file are for that"));
  }
  if (authority.find_first_of("/?#") != std::string_view::npos || host_of(authority).empty()) {
    refuse(key, url, tr("is not a host and, if wanted, a port, such as smtp://mail.example.dk:587"));
  }
  return url;
}

std::string mailbox(std::string_view key, std::string value) {
  std::string box = text::clean_line(key, value, max_mailbox_chars);
  if (box.empty()) return box;
  std::string_view address = box;
  if (box.ends_with('>')) {
    const std::size_t open = box.find('<');
    if (open == std::string::npos || open == 0 || box.find('>') != box.size() - 1) {
      refuse(key, value, tr("is not of the form \"Name <mail@example.dk>\""));
    }
    address = std::string_view(box).substr(open + 1, box.size() - open - 2);
  }
  in_key(key, [&] { return EmailAddress::parse(address); });
  return box;
}

std::string time_zone(std::string_view key, std::string value) {
  if (!value.empty() && !is_known_time_zone(value)) {
    refuse(key, value, tr("is not known to the system"),
           tr("the names stand in /usr/share/zoneinfo, such as Europe/Copenhagen"));
  }
  return value;
}

std::string country(std::string_view key, std::string value) {
  return in_key(key, [&] { return Country::parse(value).text(); });
}

std::string language(std::string_view key, std::string value) {
  return in_key(key, [&] { return std::string(to_string(parse_language(value))); });
}

std::string module_key(std::string_view key, std::string value) {
  if (!is_module_key(value)) refuse(key, value, tr("is not the key of a module"), "kundehub module list");
  return value;
}

}  // namespace kundehub::config_checks
