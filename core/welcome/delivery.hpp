#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config.hpp"
#include "core/mail/mailer.hpp"
#include "core/model/error.hpp"
#include "core/store/store.hpp"
#include "core/store/welcome_queue.hpp"
#include "core/welcome/login_link.hpp"
#include "core/welcome/welcome_templates.hpp"

namespace kundehub {

/// What a delivery run works with.
struct DeliverySettings {
  const Config& config;
  const LinkKey& key;
  const WelcomeTemplates& templates;
  Clock clock;
  std::vector<WelcomeId> only;          ///< empty: whatever is due
  std::optional<int> limit;             ///< at most so many tries
  std::optional<int> max_failures;      ///< the run ends after so many mails that did not leave
  std::function<bool()> interrupted{};  ///< true once the run is to end; asked by several threads at once. Empty: never
};

/// One connection for one thread, which asks whether to give up; called by several threads at once. Throws
/// Error{config}.
using MailerFactory = std::function<std::unique_ptr<mail::Mailer>(const mail::GiveUp&)>;

/// What became of one mail in a run: durable when it is reported.
struct DeliveredMail {
  WelcomeId welcome;
  ContactOverview contact;
  WelcomeState state = WelcomeState::queued;
  std::string reply;
  std::optional<Time> due_at;
};

/// Why a run ended before the queue did.
struct DeliveryStop {
  ErrorKind kind = ErrorKind::temporary;  ///< or config: no later run can do better; no_output: nothing can be
                                          ///< recorded; interrupted
  std::string reason;
  std::string hint{};  ///< the remedy, if the reason has one of its own
};

struct DeliveryReport {
  WelcomeCounts mails{};  ///< how many ended in each state; `queued`: not counted as tried
  std::optional<DeliveryStop> stop;
  int killed = 0;                         ///< mails that a run before this one left without the server's answer
  std::vector<WelcomeId> tried;           ///< whose outcome is recorded, in that order
  bool quiet = false;                     ///< mails were left in the queue because of `welcome.quiet`
  std::vector<DeliveredMail> unrecorded;  ///< the answer could not be kept; `state` is what the next run takes them for

  [[nodiscard]] int count(WelcomeState state) const { return mails.at(static_cast<std::size_t>(state)); }
};

/// Sends what is due (DELIVERY.md, steps 3 to 7) over `mail.connections` connections, `mail.rate` mails in a time, none
/// in quiet hours; the caller holds `lease`. Calls `progress` on the caller's thread for each mail, after its outcome
/// is durable. Once interrupted it takes no further mail: one whose dot has not gone returns to the queue, for the
/// answer to a dot it waits a minute. Throws Error if the store or the transport's settings fail.
DeliveryReport deliver(Store& store, DeliveryLease& lease, const DeliverySettings& settings,
                       const MailerFactory& connect, const std::function<void(const DeliveredMail&)>& progress);

}  // namespace kundehub
