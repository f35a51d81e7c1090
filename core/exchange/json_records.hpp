#pragma once

#include <nlohmann/json.hpp>

#include "core/exchange/record_reader.hpp"

namespace kundehub::exchange {

/// The objects of a JSON Lines file, one a line.
class JsonRecords final : public RecordReader {
 public:
  JsonRecords(TextSource& source, const RecordSettings& settings);

  bool next(ImportRecord& record) override;
  [[nodiscard]] const std::vector<ImportColumn>& columns() const override { return m_columns; }
  [[nodiscard]] ImportFormat format() const override { return ImportFormat::jsonl; }
  [[nodiscard]] std::optional<char> delimiter() const override { return std::nullopt; }

 private:
  bool next_line(std::string_view& line);
  void read_object(ImportRecord& record);
  void read_contacts(const nlohmann::ordered_json& contacts, ImportRecord& record);
  std::optional<ImportField> field_of(const std::string& member, bool is_contact);
  std::string_view text_of(const nlohmann::ordered_json& value, const std::string& member, ImportField field);

  TextSource& m_source;
  std::vector<ColumnChoice> m_choices;
  std::vector<ImportColumn> m_columns;
  std::string m_text;
  std::size_t m_at = 0;
  std::int64_t m_line = 0;
  bool m_is_all = false;
  nlohmann::ordered_json m_object;
  std::vector<std::unique_ptr<std::string>> m_texts;  ///< of numbers and lists, which are no text in m_object
};

}  // namespace kundehub::exchange
