#include "core/exchange/table_writer.hpp"

#include <string>

#include "core/exchange/cell.hpp"

namespace kundehub::exchange {
namespace {

char separator_of(const ExportSettings& settings) {
  return settings.format == ExportFormat::tsv ? '\t' : settings.excel ? ';' : ',';
}

}  // namespace

TableWriter::TableWriter(const ExportSettings& settings, Buffer buffer)
    : m_buffer(std::move(buffer)),
      m_contacts(settings.contacts == ContactsToo::yes),
      m_separator(separator_of(settings)),
      m_line_end(settings.excel ? "\r\n" : "\n") {
  if (settings.excel) m_buffer.text() += "\xEF\xBB\xBF";
  add_cells(customer_text_columns);
  for (const std::string_view name : contact_text_columns) {
    if (m_contacts) ((m_buffer.text() += m_separator) += "contact_") += name;
  }
  end_row();
}

template <class Columns>
void TableWriter::add_cells(const Columns& columns) {
  bool is_first = true;
  for (const std::string_view cell : columns) {
    if (!is_first) m_buffer.text() += m_separator;
    is_first = false;
    append_cell(m_buffer.text(), cell, m_separator);
  }
}

void TableWriter::end_row() {
  m_buffer.text() += m_line_end;
  m_buffer.flush_if_large();
}

void TableWriter::add(const CustomerText& customer) {
  if (!m_contacts || customer.contacts.empty()) {
    add_cells(customer.customer);
    if (m_contacts) m_buffer.text().append(contact_text_columns.size(), m_separator);
    end_row();
    return;
  }
  for (const ContactColumns& contact : customer.contacts) {
    add_cells(customer.customer);
    m_buffer.text() += m_separator;
    add_cells(contact);
    end_row();
  }
}

}  // namespace kundehub::exchange
