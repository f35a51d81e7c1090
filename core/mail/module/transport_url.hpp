#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace kundehub::mail {

/// `maildir:PATH`.
struct MaildirUrl {
  std::string path;
};

/// `sendmail:PATH`, an absolute path.
struct SendmailUrl {
  std::string path;
};

/// Whether TLS comes before the first word (RFC 8314, section 3.3) or is asked for with STARTTLS (RFC 3207).
enum class SmtpScheme { smtp, smtps };

/// `smtp://host[:port]` or `smtps://host[:port]`.
struct SmtpUrl {
  SmtpScheme scheme = SmtpScheme::smtp;
  std::string host{};      ///< ASCII; an IPv6 address without brackets
  std::uint16_t port = 0;  ///< 0: the scheme's own, 25 or 465

  /// As libcurl wants it, with nothing of the user's spelling left in it.
  [[nodiscard]] std::string text() const;

  /// True for `localhost`, 127.0.0.0/8 and ::1. Other names are not looked up: an answer can be forged.
  [[nodiscard]] bool is_loopback() const;
};

using TransportUrl = std::variant<MaildirUrl, SendmailUrl, SmtpUrl>;

/// Reads one of the four forms. Throws Unsendable{settings} that names them; it does not quote a URL with an @, which
/// may hold a password.
TransportUrl parse_transport_url(const std::string& url);

}  // namespace kundehub::mail
