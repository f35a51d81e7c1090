#include "core/exchange/table_records.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/exchange/cell.hpp"
#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub::exchange {
namespace {

Dialect choose_dialect(std::string_view start, const RecordSettings& settings) {
  const bool is_tsv = settings.format == ImportFormat::tsv;
  const char delimiter = settings.delimiter.value_or(is_tsv ? '\t' : find_dialect(start).delimiter);
  return {delimiter, delimiter == '\t' ? Quotes::lax : Quotes::strict};
}

bool is_blank(std::string_view cell) {
  return cell.find_first_not_of(" \t") == std::string_view::npos;
}

bool is_blank(const TableRow& row) {
  return row.fault.empty() &&
         std::all_of(row.cells.begin(), row.cells.end(), [](std::string_view cell) { return is_blank(cell); });
}

}  // namespace

TableRecords::TableRecords(TextSource& source, const RecordSettings& settings)
    : m_dialect(choose_dialect(source.ahead(), settings)), m_reader(source, m_dialect) {
  read_headings(length_of_separator_line(source.ahead()) > 0, settings);
  for (const ImportColumn& column : m_columns) {
    if (column.field) m_present.add(*column.field);
  }
}

void TableRecords::read_headings(bool has_separator_line, const RecordSettings& settings) {
  if (has_separator_line) m_reader.next(m_row);
  if (!m_reader.next(m_row))
    throw Error(ErrorKind::bad_data, tr("the file is empty"), tr("it needs a row of headings and rows below it"));
  if (!settings.has_headings) {
    m_columns = number_columns(m_row.cells.size(), settings.choices);
    m_has_row = true;
    return;
  }
  if (!m_row.fault.empty()) throw Error(ErrorKind::bad_data, tr("the row of headings {}", m_row.fault));
  // Spreadsheets that were once wider leave empty headings behind.
  while (m_row.cells.size() > 1 && is_blank(m_row.cells.back())) m_row.cells.pop_back();
  m_columns = recognise_columns(m_row.cells, settings.choices);
}

std::string TableRecords::fault_of(const TableRow& row) const {
  if (!row.fault.empty()) return tr_text(row.fault);
  const std::size_t width = m_columns.size(), cells = row.cells.size();
  if (cells < width) {
    return tr("has {} cells, and there are {} columns: {}", cells, width,
              row.ends_file ? tr("the file was cut off here") : tr("is a line break in a cell not quoted?"));
  }
  const bool is_wider = std::any_of(row.cells.begin() + static_cast<std::ptrdiff_t>(width), row.cells.end(),
                                    [](std::string_view cell) { return !is_blank(cell); });
  if (is_wider) return tr("has {} cells, and there are {} columns: is a delimiter in a cell not quoted?", cells, width);
  return {};
}

bool TableRecords::next(ImportRecord& record) {
  // Spreadsheets leave rows of nothing but delimiters behind.
  while (!m_has_row || is_blank(m_row)) {
    if (!m_reader.next(m_row)) return false;
    m_has_row = true;
  }
  m_has_row = false;
  record.row = m_row.row;
  record.line = m_row.line;
  record.present = m_present;
  record.fault = fault_of(m_row);
  record.customer.clear();
  record.contacts.clear();
  record.cells.swap(m_row.cells);
  ContactTexts contact{{}, m_present};
  bool has_contact = false;
  for (std::size_t i = 0; i < std::min(m_columns.size(), record.cells.size()); ++i) {
    const auto field = m_columns[i].field;
    if (!field) continue;
    const std::string_view cell = unguarded(record.cells[i]);
    if (is_contact_field(*field)) {
      contact.texts[*field] = cell;
      has_contact = has_contact || !is_blank(cell);
    } else {
      record.customer[*field] = cell;
    }
  }
  if (has_contact) record.contacts.push_back(contact);
  return true;
}

}  // namespace kundehub::exchange
