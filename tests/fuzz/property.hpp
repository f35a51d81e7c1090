#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// What the fuzz targets have in common. An exception that leaves a target is a finding, and so is what fails here.
namespace kundehub::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the program, so that the input is kept, unless `holds`.
inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

/// As the other: shows the values that are not the same.
inline void require_same(const std::string& a, const std::string& b, const char* property) {
  if (a != b) std::fprintf(stderr, "[%s]\n[%s]\n", a.c_str(), b.c_str());
  require(a == b, property);
}

}  // namespace kundehub::fuzz
