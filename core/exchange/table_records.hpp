#pragma once

#include "core/exchange/record_reader.hpp"
#include "core/exchange/table_reader.hpp"

namespace kundehub::exchange {

/// The rows of a CSV or TSV file.
class TableRecords final : public RecordReader {
 public:
  TableRecords(TextSource& source, const RecordSettings& settings);

  bool next(ImportRecord& record) override;
  [[nodiscard]] const std::vector<ImportColumn>& columns() const override { return m_columns; }
  [[nodiscard]] ImportFormat format() const override {
    return m_dialect.delimiter == '\t' ? ImportFormat::tsv : ImportFormat::csv;
  }
  [[nodiscard]] std::optional<char> delimiter() const override { return m_dialect.delimiter; }

 private:
  void read_headings(bool has_separator_line, const RecordSettings& settings);
  [[nodiscard]] std::string fault_of(const TableRow& row) const;

  Dialect m_dialect;
  TableReader m_reader;
  std::vector<ImportColumn> m_columns;
  FieldSet m_present;
  TableRow m_row;
  bool m_has_row = false;  ///< m_row is still to be handed over
};

}  // namespace kundehub::exchange
