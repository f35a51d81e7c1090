#pragma once

#include <string>
#include <vector>

namespace kundehub::mail {

/// What a delivery status notification says of one recipient (RFC 3464, section 2.3). Text is as printable makes it.
struct ReportedRecipient {
  std::string address;  ///< the original recipient where it is given, else the final one; its domain in UTF-8
  std::string action;   ///< in lower case: `failed`, `delayed`, `delivered`, `relayed`, `expanded`
  std::string text;     ///< the status code and the server's words: `5.1.1 550 5.1.1 user unknown`
};

/// A mail read as a delivery status notification (RFC 3464). No recipients: it is none.
struct StatusNotification {
  std::string message_id;  ///< of the mail it is about, without angle brackets; empty if it does not say
  std::vector<ReportedRecipient> recipients;
};

}  // namespace kundehub::mail
