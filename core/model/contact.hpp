#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/customer.hpp"
#include "core/model/email_address.hpp"
#include "core/model/ids.hpp"
#include "core/model/locale.hpp"
#include "core/model/time.hpp"

namespace kundehub {

/// What the admin enters about a person who may log in. First name, last name and e-mail are required for a business's
/// contact; a private customer's contact follows the customer and may lack them (R1).
struct ContactData {
  std::string first_name, last_name;
  std::optional<EmailAddress> email;
  std::string phone, title;
  std::optional<Language> language;  ///< absent: the customer's
  HubSwitch hub = HubSwitch::on;
  bool primary = false;
  std::optional<std::vector<std::string>> only_modules;  ///< keys, sorted; absent: all that the customer has

  friend bool operator==(const ContactData&, const ContactData&) = default;

  /// First and last name with a space between, as far as there are any.
  [[nodiscard]] std::string full_name() const;
};

/// A contact as it is kept.
struct Contact {
  ContactId id;
  CustomerId customer;
  ContactData data;
  Time hub_changed_at{}, email_changed_at{};
  Time created_at{}, updated_at{};
};

/// Splits at the last space: the last word is the last name. One word is a first name only.
void set_full_name(ContactData& contact, std::string_view name);

/// Reads `First Last <mail@example.dk>`; the last word of the name is the last name. Throws Error{bad_data}.
ContactData parse_mailbox(std::string_view text);

/// One text field of a contact. As CustomerField.
struct ContactField {
  std::string_view name;
  std::string_view help;
  void (*set)(ContactData&, std::string_view);  ///< empty text clears; throws Error{bad_data}
  std::string (*get)(const ContactData&);       ///< empty: absent
};

/// first_name, last_name, email, phone, title, language.
std::span<const ContactField> contact_fields();

/// Throws Error{usage} with the nearest known name.
const ContactField& contact_field(std::string_view name);

/// What a business's contact must have: first name, last name, e-mail. Throws Error{bad_data} with the remedy.
void check_business_contact(const ContactData& contact);

/// The contact that a private customer is (R1): name, e-mail, phone, language and HUB switch are the customer's.
ContactData contact_of_private(const CustomerData& customer);

}  // namespace kundehub
