#pragma once

#include <optional>
#include <string>

#include "core/model/time.hpp"

namespace kundehub::mail {

/// A display name (UTF-8, may be empty) and an address `local@domain` (domain in UTF-8 or A-labels).
struct Mailbox {
  std::string name;
  std::string address;
};

/// One mail to one recipient. All text is UTF-8 with LF line ends.
struct Message {
  std::string message_id;  ///< without angle brackets: `random@domain`
  Mailbox from;
  Mailbox to;
  std::optional<Mailbox> reply_to;
  std::string subject;
  std::string text;
  std::string html;
  Time date{};
};

}  // namespace kundehub::mail
