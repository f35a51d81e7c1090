#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/customer_number.hpp"
#include "core/model/cvr.hpp"
#include "core/model/email_address.hpp"
#include "core/model/ids.hpp"
#include "core/model/locale.hpp"
#include "core/model/time.hpp"

namespace kundehub {

enum class CustomerKind { business, private_person };

/// `business` or `private`. Throws Error{bad_data}.
CustomerKind parse_customer_kind(std::string_view text);
std::string_view to_string(CustomerKind kind);

enum class HubSwitch { off, on };

/// `off` or `on`.
std::string_view to_string(HubSwitch hub);

/// What the admin enters about a customer. Only the name is required; text that is empty is absent.
struct CustomerData {
  CustomerKind kind = CustomerKind::business;
  std::string name;
  std::optional<Cvr> cvr;             ///< business only
  std::optional<EmailAddress> email;  ///< private: the login address; business: where bills go
  std::string phone, address, zip, city;
  Country country = Country::parse("DK");
  Language language = Language::da;
  std::string website, notes;
  std::vector<std::string> tags;  ///< sorted, each once
  HubSwitch hub = HubSwitch::off;
  std::vector<std::string> modules;  ///< keys of the HUB modules that are switched on, sorted, each once

  friend bool operator==(const CustomerData&, const CustomerData&) = default;
};

/// A customer as it is kept.
struct Customer {
  CustomerId id;
  CustomerNumber number;
  CustomerData data;
  Time hub_changed_at{};
  Time created_at{}, updated_at{};
  std::optional<Time> archived_at;
};

/// One text field of a customer: how the command line, an import's column and `--unset` name it, and how it is read.
struct CustomerField {
  std::string_view name;
  std::string_view help;
  void (*set)(CustomerData&, std::string_view);  ///< empty text clears; throws Error{bad_data}
  std::string (*get)(const CustomerData&);       ///< empty: absent
};

/// name, cvr, email, phone, address, zip, city, country, language, website, notes.
std::span<const CustomerField> customer_fields();

/// Throws Error{usage} with the nearest known name.
const CustomerField& customer_field(std::string_view name);

/// What holds between fields: a name, a CVR only on a business. Throws Error{bad_data} with the remedy.
void check(const CustomerData& customer);

/// A tag: one line without commas, at most 50 characters, as typed. Throws Error{bad_data}.
std::string parse_tag(std::string_view text);

/// Adds `value` to a sorted list that holds each value once.
void insert_sorted(std::vector<std::string>& values, const std::string& value);

}  // namespace kundehub
