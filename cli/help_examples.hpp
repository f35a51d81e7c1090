#pragma once

#include <string_view>
#include <vector>

namespace kundehub::cli {

/// The lines that the help of a command shows as examples, at least one for each command; a test runs them all.
std::vector<std::string_view> examples_of(std::string_view noun, std::string_view verb);

}  // namespace kundehub::cli
