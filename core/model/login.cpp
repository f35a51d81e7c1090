#include "core/model/login.hpp"

namespace kundehub {

std::string_view to_string(LoginMethod method) {
  return method == LoginMethod::link ? "link" : "portal";
}

}  // namespace kundehub
