#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace kundehub {

/// A customer's columns where it leaves or comes in as text, in their published order.
inline constexpr std::array<std::string_view, 16> customer_text_columns{
    "number", "kind",    "name",     "cvr",     "email", "phone", "address", "zip",
    "city",   "country", "language", "website", "notes", "tags",  "hub",     "modules"};

/// A contact's. Where a row is a customer and a contact at once they have `contact_` before them.
inline constexpr std::array<std::string_view, 8> contact_text_columns{"first_name", "last_name", "email", "phone",
                                                                      "title",      "language",  "hub",   "primary"};

using CustomerColumns = std::array<std::string_view, customer_text_columns.size()>;
using ContactColumns = std::array<std::string_view, contact_text_columns.size()>;

/// A customer with its contacts, as text; what is absent is empty. Tags and modules are joined by commas, which none of
/// them has; switches are `on` and `off`; the primary contact is `yes`.
struct CustomerText {
  CustomerColumns customer{};
  std::vector<ContactColumns> contacts{};  ///< a business's; a private customer is their own contact (R1)
};

}  // namespace kundehub
