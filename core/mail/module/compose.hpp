#pragma once

#include <string>

#include "core/mail/message.hpp"
#include "core/mail/module/unsendable.hpp"

namespace kundehub::mail {

/// A mail ready for its way: envelope (RFC 5321, section 2.3.1) and content.
struct WireMail {
  std::string sender;     ///< ASCII, without angle brackets
  std::string recipient;  ///< likewise, never empty
  std::string content;    ///< RFC 5322 in ASCII: CRLF line ends only, no line above 998 bytes

  /// The content with LF line ends, as programs and Maildir readers on this machine expect.
  [[nodiscard]] std::string content_with_lf() const;
};

/// Writes `message` as multipart/alternative (RFC 2046, section 5.1.4) with the headers Date, Message-ID, From, To,
/// Reply-To if given, Subject, Auto-Submitted (RFC 3834, section 5) and those of MIME; nothing else, no Bcc and no
/// X-Mailer. Throws Unsendable for any control character in a header or an address, text that is not UTF-8, an address
/// that cannot be mailed (see envelope_address), or a malformed Message-ID. Calls from several threads at once are
/// safe.
WireMail compose_mail(const Message& message);

}  // namespace kundehub::mail
