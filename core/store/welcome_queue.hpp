#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/model/overview.hpp"
#include "core/model/welcome.hpp"
#include "core/store/operation.hpp"

namespace kundehub {

/// A mail that a delivery run has taken on, with all that is needed to write it.
struct ClaimedWelcome {
  Welcome welcome;
  ContactOverview contact;
  LoginLink link;
  WelcomeState state_before = WelcomeState::queued;  ///< what it is again if it is not tried after all
  std::optional<Time> due_before{};
  std::optional<Time> first_try{};  ///< that counted, since it was queued; absent: none has
};

/// What became of one try.
struct TryRecord {
  WelcomeId welcome;
  WelcomeState state;          ///< sent, deferred, uncertain, failed; queued: the try does not count
  std::string outcome, stage;  ///< for `welcome status --verbose`
  std::string reply;           ///< the server's whole answer
  std::optional<Time> due_at;  ///< with deferred, uncertain, queued: when it is tried again
};

/// What a delivery status notification says of one of our mails.
struct BounceReport {
  std::string message_id;
  std::string address;  ///< of the recipient who could not be reached
  std::string text;     ///< the report's words
};

/// `bounced`: now. `already`: known before, or the person has used the link. `unknown`: no mail with this Message-ID
/// went to this address. `sending`: the mail is being sent once more.
enum class BounceOutcome { bounced, already, unknown, sending };
struct BounceResult {
  BounceOutcome outcome = BounceOutcome::unknown;
  std::optional<WelcomeId> welcome{};  ///< absent if unknown
};

/// The mails that wait, and when the next one is due.
struct Backlog {
  std::int64_t mails = 0;
  std::optional<Time> next_due;
  std::int64_t held = 0;  ///< without a time, until an admin has seen them: after a restore, or uncertain ones
};

/// The progress of mails (DELIVERY.md, steps 3 to 6). Each function is one step of a group: `in_group` makes all that
/// its argument does durable at once, so that many connections share one sync.
class WelcomeQueue {
 public:
  virtual ~WelcomeQueue() = default;

  /// Runs `steps` in one transaction. If it throws, nothing has happened.
  virtual void in_group(const std::function<void()>& steps) = 0;

  /// What a dead run left behind: certainly not delivered → queued; maybe delivered → uncertain, due at `uncertain_due`
  /// (absent: left to the admin). Returns how many of these.
  virtual int recover(Time now, std::optional<Time> uncertain_due) = 0;

  /// Takes up to `limit` mails that are due, oldest first, each as one more try. With `only`, no others.
  virtual std::vector<ClaimedWelcome> claim(Time now, int limit, const std::vector<WelcomeId>& only) = 0;

  /// Puts back a mail that was not tried after all. Nothing happens if it was cancelled meanwhile.
  virtual void release(const ClaimedWelcome& mail, Time now) = 0;

  /// The generation that the next link of a contact gets.
  virtual std::int64_t next_generation(ContactId contact) = 0;

  /// Ends the contact's expired link and gives the mail the new one. False if the mail was cancelled or its link ended
  /// meanwhile: then nothing has happened.
  virtual bool renew_link(WelcomeId id, const LoginLink& link, Time now) = 0;

  /// Records that the mail may have been delivered once its final dot is out, with the link's printed expiry and the
  /// template's hash. False if it was cancelled or its link ended meanwhile: the dot must not go out.
  virtual bool begin_final_dot(WelcomeId id, Time link_expires_at, const std::string& template_hash) = 0;

  /// Records a try; a second time, as after a commit that failed when it had taken effect, does nothing. False if the
  /// mail was cancelled meanwhile: the try is kept, the state stays `cancelled` unless the server has taken the mail.
  virtual bool record(const TryRecord& record, Time now) = 0;

  /// Marks the mail that the report is about, and takes it out of the queue.
  virtual BounceResult record_bounce(const BounceReport& report, Time now) = 0;

  /// What waits for its time.
  virtual Backlog backlog() = 0;

  /// Up to `limit` mails that are due at `now`, in the order in which they would be claimed.
  virtual std::vector<WelcomeId> due(Time now, int limit) = 0;

  /// How many mails are due at `now`; with `only`, of these.
  virtual std::int64_t count_due(Time now, const std::vector<WelcomeId>& only) = 0;
};

}  // namespace kundehub
