#include "core/exchange/record_reader.hpp"

#include <array>

#include "core/exchange/json_records.hpp"
#include "core/exchange/table_records.hpp"
#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub::exchange {

std::string_view to_string(ImportFormat format) {
  constexpr std::array names{"csv", "tsv", "jsonl"};
  return names.at(static_cast<std::size_t>(format));
}

std::unique_ptr<RecordReader> open_records(TextSource& source, const RecordSettings& settings) {
  const std::size_t start = source.ahead().find_first_not_of(" \t\r\n");
  if (start == std::string::npos)
    throw Error(ErrorKind::bad_data, tr("the file is empty"), tr("it needs a row of headings and rows below it"));
  const char first = source.ahead()[start];
  const bool is_json = first == '{' && !settings.delimiter && settings.has_headings;
  if (settings.format == ImportFormat::jsonl || (!settings.format && is_json))
    return std::make_unique<JsonRecords>(source, settings);
  if (!settings.format && first == '[')
    throw Error(ErrorKind::bad_data, tr("this is a JSON array; an import takes JSON Lines"),
                tr("jq -c '.[]' turns one into the other"));
  return std::make_unique<TableRecords>(source, settings);
}

}  // namespace kundehub::exchange
