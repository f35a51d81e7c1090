#include "core/model/overview.hpp"

#include <algorithm>
#include <iterator>

namespace kundehub {

std::vector<std::string> ContactOverview::usable_modules() const {
  const auto& only = contact.data.only_modules;
  if (!only) return modules;
  std::vector<std::string> usable;
  std::ranges::copy_if(modules, std::back_inserter(usable),
                       [&](const std::string& module) { return std::ranges::find(*only, module) != only->end(); });
  return usable;
}

}  // namespace kundehub
