#include "core/model/login.hpp"

#include <algorithm>
#include <array>

namespace kundehub {
namespace {

constexpr std::array<std::string_view, 3> names{"link", "portal", "open"};

}  // namespace

std::string_view to_string(LoginMethod method) {
  return names.at(static_cast<std::size_t>(method));
}

LoginMethod parse_login_method(std::string_view name) {
  const auto place = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
  static_cast<void>(names.at(place));
  return static_cast<LoginMethod>(place);
}

}  // namespace kundehub
