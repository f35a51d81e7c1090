#pragma once

#include <optional>
#include <string_view>

#include "core/model/ids.hpp"

namespace kundehub {

/// What of a customer and its contacts a search looks at. In JSON: `contact_email`.
enum class SearchField { number, name, cvr, email, phone, contact_name, contact_email, contact_phone };
std::string_view to_string(SearchField field);

/// One text that is searched; gone when the visit is over.
struct SearchText {
  CustomerId customer;
  SearchField field = SearchField::name;
  std::string_view text;
  bool is_archived = false;  ///< the customer is
};

}  // namespace kundehub
