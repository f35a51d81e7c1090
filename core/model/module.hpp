#pragma once

#include <string>
#include <string_view>

#include "core/model/ids.hpp"
#include "core/model/locale.hpp"

namespace kundehub {

/// A part of the HUB that can be switched on for a customer.
struct Module {
  ModuleId id;
  std::string key;  ///< `timesheets`: lower-case letters, digits, `-` and `_`, at most 40, beginning with a letter
  std::string title_da;
  std::string title_en;

  [[nodiscard]] const std::string& title(Language language) const {
    return language == Language::da ? title_da : title_en;
  }

  bool operator==(const Module&) const = default;
};

/// True if the text has the form of a module's key.
bool is_module_key(std::string_view text);

/// Throws Error{bad_data}.
std::string parse_module_key(std::string_view text);

}  // namespace kundehub
