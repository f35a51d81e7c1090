#include "core/exchange/customer_writer.hpp"

#include "core/exchange/buffer.hpp"
#include "core/exchange/json_writer.hpp"
#include "core/exchange/table_writer.hpp"
#include "core/exchange/vcard_writer.hpp"

namespace kundehub::exchange {

std::unique_ptr<CustomerWriter> open_writer(const ExportSettings& settings, Sink sink) {
  Buffer buffer(std::move(sink));
  switch (settings.format) {
    case ExportFormat::csv:
    case ExportFormat::tsv:
      return std::make_unique<TableWriter>(settings, std::move(buffer));
    case ExportFormat::jsonl:
    case ExportFormat::json:
      return std::make_unique<JsonWriter>(settings, std::move(buffer));
    case ExportFormat::vcard:
      break;
  }
  return std::make_unique<VcardWriter>(settings, std::move(buffer));
}

}  // namespace kundehub::exchange
