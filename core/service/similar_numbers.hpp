#pragma once

#include <string>
#include <vector>

#include "core/model/customer_number.hpp"
#include "core/store/store.hpp"

namespace kundehub {

/// The numbers of customers that somebody who typed `number` most likely meant, at most three, as text::nearest()
/// judges: of those that begin as it does, but for its last two characters. One look at the store, since a list may
/// have many numbers that are none. Throws as Store.
std::vector<std::string> similar_numbers(Store& store, const CustomerNumber& number);

}  // namespace kundehub
