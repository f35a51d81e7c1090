#include "core/model/module.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {

bool is_module_key(std::string_view text) {
  constexpr std::size_t longest = 40;
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= longest && is_letter(text.front()) && std::ranges::all_of(text, fits);
}

std::string parse_module_key(std::string_view text) {
  if (is_module_key(text)) return std::string(text);
  throw Error(ErrorKind::bad_data, tr("{} is not the key of a module", text::quoted(text)),
              tr("a key has lower-case letters, digits, - and _, begins with a letter, and is at most 40 long"));
}

}  // namespace kundehub
