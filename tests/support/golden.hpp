#pragma once

#include <string>

namespace kundehub::test {

/// Checks that `text` is what stands in tests/golden/`name`.txt. With KUNDEHUB_UPDATE_GOLDEN=1 in the environment it is
/// written there instead.
void check_golden(const std::string& name, const std::string& text);

}  // namespace kundehub::test
