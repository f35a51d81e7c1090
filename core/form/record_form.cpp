#include "core/form/record_form.hpp"

#include <fmt/format.h>

#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

/// For a message: cut if it is long.
std::string shown(const FormValue& value) {
  const auto* const text = std::get_if<std::string>(&value);
  return text ? text::quoted(*text) : to_toml(value);
}

}  // namespace

FormFault changed_meanwhile(const std::string& field, std::size_t line, const FormValue& now, const FormValue& wanted) {
  return {.kind = ErrorKind::conflict,
          .line = line,
          .message = tr("{} has been changed to {} by somebody else meanwhile, and you wrote {}", field, shown(now),
                        shown(wanted)),
          .hint = tr("write what it is to be"),
          .present = fmt::format("{} = {}", field, to_toml(now))};
}

}  // namespace kundehub
