#pragma once

#include "core/exchange/buffer.hpp"

namespace kundehub::exchange {

/// vCard 4.0 (RFC 6350): address books take these.
class VcardWriter final : public CustomerWriter {
 public:
  VcardWriter(const ExportSettings&, Buffer buffer) : m_buffer(std::move(buffer)) {}

  void add(const CustomerText& customer) override;
  void finish() override { m_buffer.flush(); }

 private:
  void add_contact(const CustomerText& customer, const ContactColumns& contact);

  Buffer m_buffer;
};

}  // namespace kundehub::exchange
