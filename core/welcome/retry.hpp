#pragma once

#include <optional>

#include "core/config.hpp"
#include "core/mail/mailer.hpp"
#include "core/model/welcome.hpp"
#include "core/store/welcome_queue.hpp"

namespace kundehub {

/// What a try's outcome means for the mail: its state, and when it is tried again. `welcome.retry` gives the waits,
/// each varied by up to 20 % either way, the last one for all further tries; after `welcome.give_up_after` since the
/// first try that counted (time in which only we were at fault, or no run came, is none of the recipient's; `first_try`
/// absent: this is it) a mail that is still deferred has failed, and one that is still uncertain is left to the admin.
TryRecord judge(const Welcome& welcome, std::optional<Time> first_try, const mail::SendResult& result,
                const Config& config, Time now);

/// When an uncertain mail is tried again; absent if that is left to the admin (`welcome.uncertain = "hold"`).
std::optional<Time> uncertain_due(const Config& config, Time now);

}  // namespace kundehub
