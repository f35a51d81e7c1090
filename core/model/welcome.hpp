#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/ids.hpp"
#include "core/model/locale.hpp"
#include "core/model/time.hpp"

namespace kundehub {

/// Where a contact's welcome mail stands. `none`, `used` and `expired` are found from the link; the others are kept.
enum class WelcomeState {
  none,
  queued,     ///< waits for a delivery run
  sending,    ///< a delivery run has it
  sent,       ///< the server said 250
  used,       ///< sent, and the person has used the link
  deferred,   ///< will be tried again
  uncertain,  ///< the connection died after the message was complete
  failed,     ///< refused for good, or given up
  bounced,    ///< a delivery report came back
  expired,    ///< sent, and the link was never used in time
  cancelled,  ///< taken out of the queue
};

/// Throws Error{usage} with the nearest known name.
WelcomeState parse_welcome_state(std::string_view text);
std::string_view to_string(WelcomeState state);

/// True while the mail is in the queue: queued, sending, deferred, uncertain.
bool is_pending(WelcomeState state);

/// One welcome mail.
struct Welcome {
  WelcomeId id;
  std::optional<ContactId> contact;  ///< absent once the contact is deleted
  std::string address;               ///< where it goes, or went
  std::string message_id;            ///< without angle brackets; the same at every try
  Language language = Language::da;
  std::string template_hash;    ///< of the wording that may have gone out last, or else of the one it was queued with
  std::string message;          ///< the admin's personal line; may be empty
  std::int64_t generation = 0;  ///< of the login link it carries
  WelcomeState state = WelcomeState::queued;
  int tries = 0;
  Time queued_at{};
  Time changed_at{};           ///< when it came into its state
  std::optional<Time> due_at;  ///< when it is tried again
  std::optional<Time> sent_at;
  std::optional<Time> link_expires_at;  ///< as printed in the mail that may have gone out last
  std::string reply;                    ///< the server's last answer
};

/// One try at one mail.
struct WelcomeTry {
  int number = 0;
  Time at{};
  std::string outcome, stage, reply;
};

}  // namespace kundehub
