#include "core/model/phone.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/plain.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {

std::string parse_phone(std::string_view text) {
  std::string phone = text::clean_line(translatable("phone"), text, 30);
  for (const std::string_view blank : {"\u00A0", "\u202F"}) {  // no-break ones, which web pages and sheets have
    for (std::size_t at = phone.find(blank); at != std::string::npos; at = phone.find(blank))
      phone.replace(at, blank.size(), " ");
  }
  if (phone.empty()) return phone;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_phone_char = [&](char c) {
    return is_digit(c) || std::string_view(" +()-./").find(c) != std::string_view::npos;
  };
  if (!std::all_of(phone.begin(), phone.end(), is_phone_char) ||
      std::count_if(phone.begin(), phone.end(), is_digit) < 3) {
    throw Error(ErrorKind::bad_data, tr("{} is not a telephone number", text::quoted(text)),
                tr("write it as 12345678 or +45 12 34 56 78"));
  }
  // The international prefix, dialled (00) or written (+), is kept as written (ITU-T E.123, section 2.2).
  if (phone.starts_with("00") && phone.size() > 4) phone.replace(0, phone[2] == ' ' ? 3 : 2, "+");
  return phone;
}

}  // namespace kundehub
