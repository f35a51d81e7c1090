#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/text/terminal.hpp"

// The library asserts that what follows a bracket is a key, and then says itself what is wrong if it is none: a build
// without NDEBUG must not abort at an admin's slip.
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>  // slow to compile: only where TOML is read

namespace kundehub {

/// What the library says is wrong, as messages are written.
inline std::string describe(const toml::parse_error& error) {
  std::string why = text::for_terminal(error.description());
  if (!why.empty() && why.front() >= 'A' && why.front() <= 'Z')
    why.front() = static_cast<char>(why.front() + ('a' - 'A'));
  return why;
}

/// The texts of a list; absent for a node that is no list, or holds anything else.
inline std::optional<std::vector<std::string>> texts_of(const toml::node& node) {
  const toml::array* const array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  for (const toml::node& element : *array) {
    const auto* const text = element.as_string();
    if (text == nullptr) return std::nullopt;
    texts.push_back(text->get());
  }
  return texts;
}

}  // namespace kundehub
