#include "core/model/customer_number.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

constexpr std::size_t max_length = 32;
constexpr std::size_t max_counter_digits = 15;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_number_char(char c) {
  return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '/';
}

}  // namespace

CustomerNumber CustomerNumber::parse(std::string_view text) {
  if (text.empty() || text.size() > max_length || !is_letter_or_digit(text.front()) ||
      !std::all_of(text.begin(), text.end(), is_number_char)) {
    throw Error(ErrorKind::bad_data, tr("{} is not a customer number", text::quoted(text)),
                tr("a customer number is 1 to 32 letters, digits and -._/, such as 1042 or K-1042"));
  }
  return CustomerNumber(std::string(text));
}

CustomerNumber CustomerNumber::from_counter(std::int64_t value) {
  return CustomerNumber(fmt::format("{}", value));
}

std::optional<std::int64_t> CustomerNumber::counter_value() const {
  if (m_text.size() > max_counter_digits) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), value);
  if (error != std::errc() || end != m_text.data() + m_text.size()) return std::nullopt;
  return value;
}

}  // namespace kundehub
