#include "core/model/cvr.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  throw Error(ErrorKind::bad_data, tr("CVR number {} {}", text::quoted(text), why),
              tr("look it up at https://datacvr.virk.dk"));
}

bool has_right_checksum(std::string_view digits) {
  constexpr std::array weights{2, 7, 6, 5, 4, 3, 2, 1};
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (digits[i] - '0');
  return sum % 11 == 0;
}

}  // namespace

Cvr Cvr::parse(std::string_view text) {
  std::string digits(text);
  std::erase(digits, ' ');
  if (digits.starts_with("DK") || digits.starts_with("dk")) digits.erase(0, 2);
  const bool all_digits = std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits.size() != 8 || !all_digits || digits.front() == '0') refuse(text, tr("is not 8 digits"));
  if (!has_right_checksum(digits)) refuse(text, tr("is mistyped: its check digit is wrong"));
  return Cvr(std::move(digits));
}

}  // namespace kundehub
