#include "core/welcome/retry.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <sodium.h>

namespace kundehub {
namespace {

constexpr Seconds uncertain_wait = std::chrono::minutes(30);

std::string_view to_string(mail::Stage stage) {
  constexpr std::array<std::string_view, 8> names{"connect", "greeting", "hello",     "tls",
                                                  "auth",    "mail",     "recipient", "data"};
  const auto index = static_cast<std::size_t>(stage);
  return index < names.size() ? names.at(index) : "final dot";
}

std::string_view to_string(mail::Outcome outcome) {
  constexpr std::array<std::string_view, 6> names{"accepted",  "deferred",  "rejected",
                                                  "uncertain", "abandoned", "our fault"};
  return names.at(static_cast<std::size_t>(outcome));
}

/// Many mails deferred together must not come back together.
Seconds vary(Seconds wait) {
  const auto span = static_cast<std::uint32_t>(std::max<std::int64_t>(wait.count() * 2 / 5, 1));
  return wait - Seconds(span / 2) + Seconds(randombytes_uniform(span + 1));
}

Time next_try(const Welcome& welcome, const Config& config, Time now) {
  const auto& waits = config.welcome.retry;
  const auto index = std::min(static_cast<std::size_t>(std::max(welcome.tries - 1, 0)), waits.size() - 1);
  return now + vary(waits.at(index));
}

}  // namespace

std::optional<Time> uncertain_due(const Config& config, Time now) {
  if (config.welcome.uncertain == UncertainPolicy::hold) return std::nullopt;
  return now + uncertain_wait;
}

TryRecord judge(const Welcome& welcome, std::optional<Time> first_try, const mail::SendResult& result,
                const Config& config, Time now) {
  const bool too_old = now - first_try.value_or(now) >= config.welcome.give_up_after;
  TryRecord record{.welcome = welcome.id,
                   .state = WelcomeState::failed,
                   .outcome = std::string(to_string(result.outcome)),
                   .stage = std::string(to_string(result.stage)),
                   .reply = result.reply,
                   .due_at = std::nullopt};
  switch (result.outcome) {
    case mail::Outcome::accepted:
      record.state = WelcomeState::sent;
      break;
    case mail::Outcome::rejected:
      record.state = WelcomeState::failed;
      break;
    case mail::Outcome::uncertain:
      // Whoever drops every answer would get the mail for ever; the last word is then the admin's.
      record.state = WelcomeState::uncertain;
      if (!too_old) record.due_at = uncertain_due(config, now);
      break;
    case mail::Outcome::deferred:
      if (too_old) {
        record.reply =
            fmt::format("given up after {}: {}", format_duration(config.welcome.give_up_after), result.reply);
        break;
      }
      record.state = WelcomeState::deferred;
      record.due_at = next_try(welcome, config, now);
      break;
    case mail::Outcome::abandoned:
    case mail::Outcome::our_fault:
      record.state = WelcomeState::queued;
      record.due_at = now;
      break;
  }
  return record;
}

}  // namespace kundehub
