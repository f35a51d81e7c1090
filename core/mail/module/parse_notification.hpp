#pragma once

#include <string_view>

#include "core/mail/status_notification.hpp"

namespace kundehub::mail {

/// Reads a mail as it lies in a Maildir, line ends LF or CRLF. What is no `multipart/report` of delivery status (RFC
/// 3464, section 2), or malformed, has no recipients. Calls from several threads at once are safe.
StatusNotification parse_notification(std::string_view raw);

}  // namespace kundehub::mail
