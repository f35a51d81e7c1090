#include "core/model/welcome.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 11> names{"none",      "queued", "sending", "sent",    "used",     "deferred",
                                                 "uncertain", "failed", "bounced", "expired", "cancelled"};

}  // namespace

WelcomeState parse_welcome_state(std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<WelcomeState>(found - names.begin());
  const auto near = text::nearest(text, names);
  throw Error(ErrorKind::usage, tr("no welcome state {}", text::quoted(text)),
              near ? tr("did you mean {}", *near) : tr("states: {}", fmt::join(names, " ")));
}

std::string_view to_string(WelcomeState state) {
  return names.at(static_cast<std::size_t>(state));
}

bool is_pending(WelcomeState state) {
  return state == WelcomeState::queued || state == WelcomeState::sending || state == WelcomeState::deferred ||
         state == WelcomeState::uncertain;
}

}  // namespace kundehub
