#include "cli/output_style.hpp"

#include <algorithm>
#include <array>

namespace kundehub::cli {
namespace {

/// Invisible operators and deprecated format characters: no terminal gives them room, and no value has them raw.
struct Sign {
  std::string_view text, code;
};

constexpr std::string_view end_sign = "\u2062";
constexpr std::array<Sign, 6> signs{{{"", ""},
                                     {"\u2063", "\x1b[32m"},   // good: green
                                     {"\u2064", "\x1b[33m"},   // waiting: yellow
                                     {"\u206A", "\x1b[31m"},   // bad: red
                                     {"\u206B", "\x1b[2m"},    // faint
                                     {"\u2061", "\x1b[1m"}}};  // bold
constexpr std::string_view end_code = "\x1b[0m";

Style style_of_word(std::string_view word) {
  constexpr std::array good{"yes", "on", "used", "sent", "ok"};
  constexpr std::array waiting{"queued", "sending", "deferred", "uncertain", "warning", "expired"};
  constexpr std::array bad{"no", "failed", "bounced", "error"};
  constexpr std::array faint{"off", "none", "cancelled", "skipped"};
  const auto has = [&](const auto& words) { return std::find(words.begin(), words.end(), word) != words.end(); };
  return has(good)      ? Style::good
         : has(waiting) ? Style::waiting
         : has(bad)     ? Style::bad
         : has(faint)   ? Style::faint
                        : Style::plain;
}

}  // namespace

Style style_of(std::string_view field, const Record& value) {
  constexpr std::array fields{"access", "hub", "welcome", "state", "holds", "customer_hub", "contact_hub"};
  if (std::find(fields.begin(), fields.end(), field) == fields.end()) return Style::plain;
  if (value.is_boolean()) return value.get<bool>() ? Style::good : Style::bad;
  return value.is_string() ? style_of_word(value.get_ref<const std::string&>()) : Style::plain;
}

std::string in_style(Style style, std::string text) {
  if (style == Style::plain || text.empty()) return text;
  return std::string(signs.at(static_cast<std::size_t>(style)).text) + std::move(text) + std::string(end_sign);
}

std::string colored(const OutputOptions& look, Style style, std::string text) {
  return look.color ? with_colors(in_style(style, std::move(text))) : text;
}

std::string with_colors(std::string text) {
  const auto replace = [&](std::string_view sign, std::string_view code) {
    std::string replaced;
    std::size_t end = 0;
    for (std::size_t at = 0; (at = text.find(sign, end)) != std::string::npos; end = at + sign.size())
      replaced.append(text, end, at - end).append(code);
    text = replaced.append(text, end);
  };
  for (const Sign& sign : signs) {
    if (!sign.text.empty()) replace(sign.text, sign.code);
  }
  replace(end_sign, end_code);
  return text;
}

std::string with_closed_styles(std::string text) {
  bool is_open = false;
  for (std::size_t at = 0; at + end_sign.size() <= text.size(); ++at) {
    const std::string_view here = std::string_view(text).substr(at, end_sign.size());
    if (here == end_sign) is_open = false;
    if (std::any_of(signs.begin() + 1, signs.end(), [&](const Sign& sign) { return here == sign.text; }))
      is_open = true;
  }
  if (is_open) text += end_sign;
  return text;
}

}  // namespace kundehub::cli
