#include "core/model/search.hpp"

#include <array>

namespace kundehub {
namespace {

constexpr std::array<std::string_view, 8> names{"number", "name",         "cvr",           "email",
                                                "phone",  "contact_name", "contact_email", "contact_phone"};

}  // namespace

std::string_view to_string(SearchField field) {
  return names.at(static_cast<std::size_t>(field));
}

}  // namespace kundehub
