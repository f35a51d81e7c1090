#pragma once

#include "core/exchange/buffer.hpp"

namespace kundehub::exchange {

/// json and jsonl (RFC 8259).
class JsonWriter final : public CustomerWriter {
 public:
  JsonWriter(const ExportSettings& settings, Buffer buffer);

  void add(const CustomerText& customer) override;
  void finish() override;

 private:
  Buffer m_buffer;
  bool m_contacts, m_is_array;
  bool m_is_first = true;
};

}  // namespace kundehub::exchange
