#include "core/model/selector.hpp"

#include <charconv>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

std::int64_t parse_id(std::string_view whole, std::string_view digits) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value <= 0) {
    throw Error(ErrorKind::bad_data, tr("{} does not end in a whole number above 0", text::quoted(whole)));
  }
  return value;
}

}  // namespace

CustomerSelector parse_customer_selector(std::string_view text) {
  if (text.starts_with("id:")) return CustomerId{parse_id(text, text.substr(3))};
  if (text.starts_with("cvr:")) return Cvr::parse(text.substr(4));
  if (text.starts_with("email:")) return EmailAddress::parse(text.substr(6));
  if (text.find('@') != std::string_view::npos) return EmailAddress::parse(text);
  if (text.starts_with("contact:")) {
    throw Error(ErrorKind::bad_data, tr("{} is a contact, and a customer is wanted", text::quoted(text)),
                fmt::format("kundehub contact show {} --fields customer", text::shell_word(text)));
  }
  return CustomerNumber::parse(text);
}

ContactSelector parse_contact_selector(std::string_view text) {
  if (text.starts_with("contact:")) return ContactId{parse_id(text, text.substr(8))};
  if (text.find('@') != std::string_view::npos) return EmailAddress::parse(text);
  throw Error(ErrorKind::bad_data, tr("{} does not name a contact", text::quoted(text)),
              tr("name a contact by e-mail address or as contact:N, as kundehub contact list --format ids prints it"));
}

OperationId parse_operation_selector(std::string_view text) {
  try {
    return OperationId{parse_id(text, text.starts_with("op:") ? text.substr(3) : text)};
  } catch (const Error& error) {
    throw Error(error.kind(), error.what(), tr("name an operation as op:N, as kundehub log lists it"));
  }
}

bool names_contact(std::string_view text) {
  return text.starts_with("contact:") || (!text.starts_with("email:") && text.find('@') != std::string_view::npos);
}

}  // namespace kundehub
