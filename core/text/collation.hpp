#pragma once

#include <string>
#include <string_view>

namespace kundehub::text {

/// Bytes that stand in the order of `text` in a Danish list (Retskrivningsordbogen, § 2; CLDR, collation `da`): Æ, Ø
/// and Å behind Z, Aa as Å, Ü as Y, accents and capitals only where all else is alike, and capitals first. Never has a
/// zero byte in it. `text` must be valid UTF-8.
std::string danish_sort_key(std::string_view text);

}  // namespace kundehub::text
