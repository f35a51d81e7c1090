#pragma once

#include <string>
#include <string_view>

#include "core/mail/module/unsendable.hpp"

namespace kundehub::mail {

/// `address` as it goes into an envelope: all ASCII, the domain as A-labels (RFC 5891; UTS #46, non-transitional),
/// whatever the locale is. Only the dot-atom form of RFC 5321, section 4.1.2, with the lengths of section 4.5.3.1 is
/// accepted: what else the grammar allows (quotes, address literals) is what SMTP commands are smuggled with. A local
/// part beyond ASCII is refused, since few servers offer SMTPUTF8 (RFC 6531). Throws Unsendable with `blame`, naming
/// `field`.
std::string envelope_address(std::string_view field, std::string_view address, Blame blame);

/// A host name as A-labels in lower case, or empty if it is none.
std::string ascii_domain(std::string_view domain);

}  // namespace kundehub::mail
