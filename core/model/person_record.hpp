#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kundehub {

/// Something that is held on a person: a row, by its kind, with its fields; absent where there is no value.
struct PersonRecord {
  std::string kind;  ///< `contact`, `customer`, `login_link`, `login`, `mail`, `mail_try`, `operation`
  std::vector<std::pair<std::string, std::optional<std::string>>> fields;
};

/// What was erased of a person.
struct PersonErasure {
  std::vector<std::string> contacts;   ///< that were deleted, as commands name them
  std::vector<std::string> customers;  ///< private ones that were deleted, and businesses that had the address
  std::int64_t mails = 0;              ///< records of mails that no longer tell to whom
  std::int64_t operations = 0;         ///< that no longer tell what the person's data was
};

/// How the address of an erased person is known again: HMAC-SHA256 of the form in which addresses are compared.
using AddressHash = std::array<unsigned char, 32>;
using AddressHasher = std::function<AddressHash(const std::string& email_key)>;

}  // namespace kundehub
