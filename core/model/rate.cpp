#include "core/model/rate.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

constexpr int most_mails = 1'000'000;

struct Unit {
  std::string_view name;
  std::chrono::seconds length;
};

constexpr std::array<Unit, 3> units{
    {{"s", std::chrono::seconds(1)}, {"m", std::chrono::minutes(1)}, {"h", std::chrono::hours(1)}}};

}  // namespace

std::chrono::nanoseconds Rate::gap() const {
  return mails == 0 ? std::chrono::nanoseconds(0) : std::chrono::nanoseconds(per) / mails;
}

Rate parse_rate(std::string_view text) {
  if (text.empty()) return {};
  const std::size_t slash = std::min(text.find('/'), text.size());
  int mails = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + slash, mails);
  const bool is_count = error == std::errc() && end == text.data() + slash && mails >= 1 && mails <= most_mails;
  for (const Unit& unit : units) {
    if (is_count && slash < text.size() && text.substr(slash + 1) == unit.name) return {mails, unit.length};
  }
  throw Error(ErrorKind::bad_data, tr("{} is no rate", text::quoted(text)), tr("write it as 10/s, 300/m or 1000/h"));
}

std::string format_rate(const Rate& rate) {
  if (rate.mails == 0) return {};
  for (const Unit& unit : units) {
    if (rate.per == unit.length) return fmt::format("{}/{}", rate.mails, unit.name);
  }
  return fmt::format("{}/s", rate.mails);
}

}  // namespace kundehub
