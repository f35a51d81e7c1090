#pragma once

#include <string>
#include <string_view>

namespace kundehub::config_checks {

// Each takes a key and its value, hands back the value as it is kept, and throws Error{bad_data} that names the key,
// quotes the value and says what is wrong. Empty text means unset and passes, unless stated otherwise.

/// One line of text that may go into a mail's header.
std::string line(std::string_view key, std::string value);

/// A file name: any bytes of UTF-8 without control characters, kept as they are.
std::string path(std::string_view key, std::string value);

/// `https://host[:port][/path]`, a slash at the end dropped. `http://` only for this machine, since links that let
/// people in are built on it.
std::string hub_url(std::string_view key, std::string value);

/// `maildir:PATH`, `sendmail:PATH`, `smtp://host[:port]` or `smtps://host[:port]`.
std::string transport(std::string_view key, std::string value);

/// `Name <address>` or a bare address.
std::string mailbox(std::string_view key, std::string value);

/// A zone that the system knows.
std::string time_zone(std::string_view key, std::string value);

/// An ISO 3166-1 alpha-2 code, kept in capitals. Not empty.
std::string country(std::string_view key, std::string value);

/// `da` or `en`. Not empty.
std::string language(std::string_view key, std::string value);

/// The key of a module (see Module::key). Not empty.
std::string module_key(std::string_view key, std::string value);

}  // namespace kundehub::config_checks
