#pragma once

#include <string_view>

namespace kundehub {

/// True if the system has rules for `zone`, an IANA name such as `Europe/Copenhagen`. Never true for an absolute path
/// or one with `..`: a zone is a name, not any file.
bool is_known_time_zone(std::string_view zone);

}  // namespace kundehub
