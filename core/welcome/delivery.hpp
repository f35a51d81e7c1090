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

namespace kundehub {

/// What a delivery run works with.
struct DeliverySettings {
  const Config& config;
  const LinkKey& key;
  Clock clock;
  std::vector<WelcomeId> only;      ///< empty: whatever is due
  std::optional<int> limit;         ///< at most so many tries
  std::optional<int> max_failures;  ///< the run ends after so many mails that did not leave
};

/// One connection for one thread. Throws Error{config}.
using MailerFactory = std::function<std::unique_ptr<mail::Mailer>()>;

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
  ErrorKind kind = ErrorKind::temporary;  ///< temporary, or config: no later run can do better
  std::string reason;
};

struct DeliveryReport {
  WelcomeCounts mails{};  ///< how many ended in each state; `queued`: not counted as tried
  std::optional<DeliveryStop> stop;

  [[nodiscard]] int count(WelcomeState state) const { return mails.at(static_cast<std::size_t>(state)); }
};

/// Sends what is due (DELIVERY.md, steps 3 to 6) over `mail.connections` connections; the caller holds `lease`. Calls
/// `progress` for each mail, never from two threads at once, after its outcome is durable. Throws Error if the store or
/// the transport's settings fail; mails whose outcome could not be recorded are uncertain in the next run.
DeliveryReport deliver(Store& store, DeliveryLease& lease, const DeliverySettings& settings,
                       const MailerFactory& connect, const std::function<void(const DeliveredMail&)>& progress);

}  // namespace kundehub
