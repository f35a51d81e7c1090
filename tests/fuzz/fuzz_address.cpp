#include <optional>

#include <fmt/format.h>

#include "core/mail/module/address.hpp"
#include "core/model/contact.hpp"
#include "core/model/error.hpp"
#include "tests/fuzz/property.hpp"

using namespace kundehub;

namespace {

template <class Parse>
auto if_good(Parse parse) -> std::optional<decltype(parse())> {
  try {
    return parse();
  } catch (const Error& error) {
    fuzz::require(error.kind() == ErrorKind::bad_data, "what is wrong with an address is bad data");
    return std::nullopt;
  }
}

void check_address(const EmailAddress& address) {
  const auto again = if_good([&] { return EmailAddress::parse(address.text()); });
  fuzz::require(again.has_value(), "an address that is kept can be read again");
  fuzz::require_same(again->text(), address.text(), "an address is read as it was written");
  fuzz::require_same(EmailAddress::parse(address.key()).key(), address.key(), "the key of an address is its own");
  try {
    mail::envelope_address("to", address.text(), mail::Blame::this_mail);
  } catch (const mail::Unsendable&) {
    // Not every domain that looks like one can be written in ASCII (RFC 5891).
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  if (const auto address = if_good([&] { return EmailAddress::parse(text); })) check_address(*address);
  const auto contact = if_good([&] { return parse_mailbox(text); });
  if (!contact) return 0;
  check_address(*contact->email);
  const std::string written = fmt::format("{} <{}>", contact->full_name(), contact->email->text());
  const auto again = if_good([&] { return parse_mailbox(written); });
  fuzz::require(again == contact, "a contact is read as it was written");
  return 0;
}
