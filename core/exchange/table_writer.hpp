#pragma once

#include <string_view>

#include "core/exchange/buffer.hpp"

namespace kundehub::exchange {

/// csv and tsv.
class TableWriter final : public CustomerWriter {
 public:
  TableWriter(const ExportSettings& settings, Buffer buffer);

  void add(const CustomerText& customer) override;
  void finish() override { m_buffer.flush(); }

 private:
  template <class Columns>
  void add_cells(const Columns& columns);
  void end_row();

  Buffer m_buffer;
  bool m_contacts;
  char m_separator;
  std::string_view m_line_end;
};

}  // namespace kundehub::exchange
