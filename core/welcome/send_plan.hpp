#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/overview.hpp"
#include "core/model/time.hpp"

namespace kundehub {

/// What is done about one contact.
enum class SendDecision {
  send,
  skip,    ///< nothing is wrong: has one already, is not due, is switched off on purpose
  refuse,  ///< a mail was asked for and may not go (R6)
};

/// `send`, `skip`, `refuse`.
std::string_view to_string(SendDecision decision);

/// One line of a send plan.
struct PlannedSend {
  ContactOverview contact;
  SendDecision decision = SendDecision::send;
  std::string reason;  ///< stable, for scripts: already_sent, already_queued, bounced, failed, too_soon, …
  std::string text;    ///< the same in words
  std::string remedy;  ///< a command line, or empty
};

/// How a contact came to be considered: named by itself, with its customer, or selected by what is wanted.
enum class TargetKind { contact, customer, selection };

/// `welcome send`: whoever never got a mail at the present address, and, unless it is a selection, whose link has
/// ended.
PlannedSend plan_send(const ContactOverview& contact, TargetKind target);

/// `welcome resend TARGET`: whoever may get a mail.
PlannedSend plan_resend(const ContactOverview& contact, TargetKind target);

/// `welcome resend --unused`: kundehub-welcome(1) says what each bound means.
struct ResendPolicy {
  Seconds older_than = std::chrono::days(3);  ///< since the last send
  Seconds min_gap = std::chrono::hours(24);   ///< since the last send, whatever older_than says
  int max_sends = 3;                          ///< to the present address, in all
  std::optional<Time> sent_since;             ///< only those whose last mail left at or after this
};

/// Whoever has access, got a mail and has not used its link. A bounced address is left alone.
PlannedSend plan_unused(const ContactOverview& contact, const ResendPolicy& policy, Time now);

}  // namespace kundehub
