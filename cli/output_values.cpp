#include "cli/output_values.hpp"

#include <algorithm>

#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string scalar_text(const Json& value, Reader reader) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get_ref<const std::string&>();
  if (value.is_boolean() && reader == Reader::person) return value.get<bool>() ? tr("yes") : tr("no");
  return to_json_text(value, -1);
}

}  // namespace

std::string to_json_text(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string to_plain_text(const Json& value, Reader reader) {
  if (!value.is_structured()) return scalar_text(value, reader);
  if (std::any_of(value.begin(), value.end(), [](const Json& part) { return part.is_structured(); })) {
    return to_json_text(value, -1);
  }
  std::string text;
  for (const auto& [key, part] : value.items()) {
    if (!text.empty()) text += ',';
    if (value.is_object()) text += key + '=';
    text += scalar_text(part, reader);
  }
  return text;
}

std::string to_csv_field(std::string_view text) {
  // A blank at either end is quoted too: some readers drop it otherwise.
  const bool is_plain =
      text.find_first_of(",\"\r\n") == std::string_view::npos && !text.starts_with(' ') && !text.ends_with(' ');
  if (is_plain) return std::string(text);
  std::string field = "\"";
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

std::string to_tsv_field(std::string_view text) {
  std::string field;
  field.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '\t':
        field += "\\t";
        break;
      case '\n':
        field += "\\n";
        break;
      case '\r':
        field += "\\r";
        break;
      case '\\':
        field += "\\\\";
        break;
      default:
        field += c;
    }
  }
  return field;
}

}  // namespace kundehub::cli
