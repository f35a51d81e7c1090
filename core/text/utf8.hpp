#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kundehub::text {

/// True if `text` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
bool is_valid_utf8(std::string_view text);

/// Canonical composition (Unicode NFC). `text` must be valid UTF-8.
std::string nfc(std::string_view text);

/// Full case folding after NFC, for comparing without case. `text` must be valid UTF-8.
std::string fold_case(std::string_view text);

}  // namespace kundehub::text
