#pragma once

#include <string>
#include <utility>

#include "core/exchange/customer_writer.hpp"

namespace kundehub::exchange {

/// Collects text, and hands it on in large pieces.
class Buffer {
 public:
  explicit Buffer(Sink sink) : m_sink(std::move(sink)) {}

  std::string& text() { return m_text; }

  /// At the end of a record.
  void flush_if_large() {
    constexpr std::size_t large = 64 * 1024;
    if (m_text.size() >= large) flush();
  }

  void flush() {
    if (!m_text.empty()) m_sink(m_text);
    m_text.clear();
  }

 private:
  Sink m_sink;
  std::string m_text;
};

}  // namespace kundehub::exchange
