#pragma once

#include <optional>
#include <string>

#include "core/mail/mailer.hpp"

namespace kundehub::mail {

/// What a conversation with the mail server has shown in which no mail was sent: greeting, EHLO, TLS, AUTH, NOOP, QUIT.
struct ProbeResult {
  SendResult end;                                ///< `accepted`: all of it went well; else where it ended and why
  bool encrypted = false;                        ///< TLS, with a certificate that was checked
  bool logged_in = false;                        ///< the server has taken user name and password
  std::optional<Time> certificate_expires_at{};  ///< of the server's own; absent without TLS
  std::string error{};                           ///< not empty: the settings are at fault, nothing was tried
};

}  // namespace kundehub::mail
