#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace kundehub {

/// An address that mail can be sent to: `local@domain`. No invalid value of this type exists.
///
/// Accepted is the dot-atom form of RFC 5321, section 4.1.2, within the limits of section 4.5.3.1 (64 bytes before the
/// @, 254 in all, 63 a domain label). The local part is ASCII: few servers take more (SMTPUTF8, RFC 6531). Quoted local
/// parts and address literals are refused, since typing errors look like them. Domains may hold letters of any script;
/// the mailer converts them.
class EmailAddress {
 public:
  /// Throws Error{bad_data} that quotes `text` and says what is wrong with it.
  static EmailAddress parse(std::string_view text);

  /// As stored and shown: the domain folded to lower case, the local part as it was typed.
  [[nodiscard]] const std::string& text() const noexcept { return m_text; }

  /// All in lower case, for comparing: no server in use tells `Anna@` from `anna@`.
  [[nodiscard]] std::string key() const;

  friend bool operator==(const EmailAddress& a, const EmailAddress& b) { return a.key() == b.key(); }

 private:
  explicit EmailAddress(std::string text) : m_text(std::move(text)) {}

  std::string m_text;
};

}  // namespace kundehub
