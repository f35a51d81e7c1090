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

CustomerOverview overview_of(const Customer& customer, const std::vector<ContactOverview>& contacts) {
  CustomerOverview overview{.customer = customer, .contacts = static_cast<int>(contacts.size())};
  for (const ContactOverview& contact : contacts) ++overview.welcome.at(static_cast<std::size_t>(contact.welcome));
  return overview;
}

}  // namespace kundehub
