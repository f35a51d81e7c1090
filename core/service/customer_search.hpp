#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/overview.hpp"
#include "core/model/search.hpp"
#include "core/store/store.hpp"

namespace kundehub {

/// A text that matches, and the stretch of it that does: bytes.
struct MatchingText {
  SearchField field = SearchField::name;
  std::string text;
  std::size_t begin = 0, end = 0;
};

/// A customer that was found, and what of it matches best.
struct FoundCustomer {
  CustomerOverview customer;
  MatchingText match;
};

struct SearchResult {
  std::vector<FoundCustomer> customers;  ///< best first
  std::size_t in_all = 0;                ///< how many match, shown or not
};

/// Finds the customers of which every word of `words` matches something: number, name, CVR, e-mail, phone, or a
/// contact's name, e-mail or phone. As SearchPattern spells it; digits find phone numbers whatever stands between them.
/// Archived customers come last. Throws Error{bad_data} if there is nothing to search for.
SearchResult search_customers(Store& store, std::string_view words, std::size_t limit, Time now);

}  // namespace kundehub
