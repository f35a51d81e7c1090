#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/exchange/dialect.hpp"
#include "core/exchange/import_columns.hpp"
#include "core/exchange/import_field.hpp"
#include "core/exchange/text_source.hpp"

namespace kundehub::exchange {

enum class ImportFormat { csv, tsv, jsonl };

/// `csv`, `tsv` or `jsonl`.
std::string_view to_string(ImportFormat format);

/// How the file is to be read; what is absent is found out.
struct RecordSettings {
  std::optional<ImportFormat> format;
  std::optional<char> delimiter;
  bool has_headings = true;
  std::vector<ColumnChoice> choices;
};

/// A contact as it came.
struct ContactTexts {
  FieldTexts texts;
  FieldSet present;  ///< fields that it has a place for, filled or not
};

/// A customer, or a further contact of one, as it came. Its texts are gone with the next one.
struct ImportRecord {
  std::int64_t row = 0, line = 0;  ///< as TableRow; in JSON Lines the row is the line
  FieldSet present;                ///< fields that the record has a place for, filled or not
  FieldTexts customer;
  std::vector<ContactTexts> contacts;   ///< those with any text
  std::string fault;                    ///< why the record as such cannot be taken; empty if it can
  std::vector<std::string_view> cells;  ///< a table's, as they came; for rejects
  std::string_view json;                ///< of JSON Lines, as it came
};

/// Reads the records of a file one by one, in constant memory.
class RecordReader {
 public:
  virtual ~RecordReader() = default;

  /// False at the end. Throws Error{bad_data} where it cannot go on.
  virtual bool next(ImportRecord& record) = 0;

  /// What the file's columns are taken for. Of JSON Lines: the members seen so far.
  [[nodiscard]] virtual const std::vector<ImportColumn>& columns() const = 0;

  [[nodiscard]] virtual ImportFormat format() const = 0;
  [[nodiscard]] virtual std::optional<char> delimiter() const = 0;
};

/// Throws as recognise_columns; Error{bad_data} for a file without a row.
std::unique_ptr<RecordReader> open_records(TextSource& source, const RecordSettings& settings);

}  // namespace kundehub::exchange
