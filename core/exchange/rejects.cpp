#include "core/exchange/rejects.hpp"

#include <nlohmann/json.hpp>

#include "core/exchange/cell.hpp"

namespace kundehub::exchange {
namespace {

using Json = nlohmann::ordered_json;

bool is_reason(const RecordReader& records, std::size_t column) {
  return column < records.columns().size() && records.columns()[column].is_reason;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string rejected_text(const ImportRecord& record, const RecordReader& records) {
  if (records.format() == ImportFormat::jsonl) return std::string(record.json);
  std::string text;
  bool is_first = true;
  for (std::size_t i = 0; i < std::max(record.cells.size(), records.columns().size()); ++i) {
    if (is_reason(records, i)) continue;
    if (!is_first) text += *records.delimiter();
    is_first = false;
    if (i < record.cells.size()) append_quoted(text, record.cells[i], *records.delimiter());
  }
  return text;
}

std::string rejects_heading(const RecordReader& records, bool has_headings) {
  if (!has_headings || records.format() == ImportFormat::jsonl) return {};
  std::string text;
  for (const ImportColumn& column : records.columns()) {
    if (column.is_reason) continue;
    append_quoted(text, column.name, *records.delimiter());
    text += *records.delimiter();
  }
  return text + "reason\n";
}

std::string rejected_line(std::string_view text, std::string_view reason, const RecordReader& records) {
  if (records.format() == ImportFormat::jsonl) {
    Json object = Json::parse(text, nullptr, false);
    if (!object.is_object()) object = Json{{"text", std::string(text)}};
    object["reason"] = reason;
    return dump(object) + '\n';
  }
  std::string line(text);
  line += *records.delimiter();
  append_quoted(line, reason, *records.delimiter());
  return line + '\n';
}

}  // namespace kundehub::exchange
