#include "cli/time_text.hpp"

#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

using namespace std::chrono_literals;

std::string ago(Seconds passed) {
  const auto count = [&](Seconds unit) { return static_cast<std::size_t>(passed / unit); };
  if (passed < 1h) return tr_n("{} minute ago", "{} minutes ago", count(1min), count(1min));
  if (passed < 24h) return tr_n("{} hour ago", "{} hours ago", count(1h), count(1h));
  return tr_n("{} day ago", "{} days ago", count(24h), count(24h));
}

std::string ahead(Seconds left) {
  const auto count = [&](Seconds unit) { return static_cast<std::size_t>(left / unit); };
  if (left < 1h) return tr_n("in {} minute", "in {} minutes", count(1min), count(1min));
  if (left < 24h) return tr_n("in {} hour", "in {} hours", count(1h), count(1h));
  return tr_n("in {} day", "in {} days", count(24h), count(24h));
}

}  // namespace

std::string format_relative(Time time, Time now) {
  const Seconds passed = now - time;
  if (passed > -1min && passed < 1min) return tr("now");
  if (passed >= 60 * 24h || -passed >= 60 * 24h) return format_local(time);
  return passed > 0s ? ago(passed) : ahead(-passed);
}

std::string format_both(Time time, Time now) {
  const std::string local = format_local(time), relative = format_relative(time, now);
  return local == relative ? local : fmt::format("{} ({})", local, relative);
}

}  // namespace kundehub::cli
