#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/exchange/text_source.hpp"

namespace kundehub::test {

/// A file whose bytes come in pieces, as from a pipe.
inline exchange::ByteReader pieces(std::string_view text, std::size_t piece) {
  return [rest = std::make_shared<std::string>(text), piece](char* buffer, std::size_t size) {
    const std::size_t bytes = rest->copy(buffer, std::min(size, piece));
    rest->erase(0, bytes);
    return bytes;
  };
}

}  // namespace kundehub::test
