#include "core/service/similar_numbers.hpp"

#include <algorithm>
#include <string_view>

#include "core/text/nearest.hpp"

namespace kundehub {

std::vector<std::string> similar_numbers(Store& store, const CustomerNumber& number) {
  constexpr std::size_t most_shown = 3;
  const std::string& typed = number.text();
  const std::size_t certain = typed.size() > 3 ? typed.size() - 2 : 1;
  const auto names =
      store.find_names({.kind = NameKind::customer_number, .prefix = typed.substr(0, certain), .limit = 200});
  std::vector<std::string_view> known(names.size());
  std::ranges::transform(names, known.begin(), [](const KnownName& one) { return std::string_view(one.name); });
  std::vector<std::string> similar;
  while (similar.size() < most_shown) {
    const auto near = text::nearest(typed, known);
    if (!near) break;
    std::erase(known, *near);
    similar.push_back(*near);
  }
  return similar;
}

}  // namespace kundehub
