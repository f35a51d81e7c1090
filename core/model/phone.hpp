#pragma once

#include <string>
#include <string_view>

namespace kundehub {

/// A telephone number as it is stored: digits, spaces and `+()-./`, at least three digits, at most 30 characters; empty
/// stays empty. A leading `00` becomes `+`. Throws Error{bad_data}.
std::string parse_phone(std::string_view text);

}  // namespace kundehub
