#include "core/exchange/json_writer.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace kundehub::exchange {
namespace {

/// RFC 8259, section 7. What is stored is UTF-8, which needs no escapes.
void append_string(std::string& json, std::string_view text) {
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; };
  json += '"';
  for (const char* at = text.begin(); at != text.end();) {
    const char* const special = std::find_if_not(at, text.end(), is_plain);
    json.append(at, special);
    if (special == text.end()) break;
    if (*special == '"' || *special == '\\') {
      (json += '\\') += *special;
    } else if (*special == '\n') {
      json += "\\n";
    } else {
      json += fmt::format("\\u{:04x}", *special);
    }
    at = special + 1;
  }
  json += '"';
}

/// `["a","b"]` from `a,b`.
void append_list(std::string& json, std::string_view joined) {
  json += '[';
  while (!joined.empty()) {
    const std::size_t end = std::min(joined.find(','), joined.size());
    append_string(json, joined.substr(0, end));
    joined.remove_prefix(std::min(end + 1, joined.size()));
    if (!joined.empty()) json += ',';
  }
  json += ']';
}

void append_value(std::string& json, std::string_view name, std::string_view text) {
  if (name == "tags" || name == "modules") return append_list(json, text);
  if (name == "primary") {
    json += text.empty() ? "false" : "true";
  } else if (text.empty()) {
    json += "null";
  } else {
    append_string(json, text);
  }
}

/// What stands before each value of an object's members: `,"name":`, and no comma before the first.
template <class Columns>
std::vector<std::string> member_keys(const Columns& names) {
  std::vector<std::string> keys;
  for (const std::string_view name : names) keys.push_back(fmt::format("{}\"{}\":", keys.empty() ? "" : ",", name));
  return keys;
}

/// The members of an object, without its brackets.
template <class Columns>
void append_members(std::string& json, const Columns& names, const Columns& values) {
  static const std::vector<std::string> keys = member_keys(names);  // an export writes them a million times
  for (std::size_t i = 0; i < names.size(); ++i) {
    json += keys[i];
    append_value(json, names[i], values[i]);
  }
}

void append_contacts(std::string& json, const std::vector<ContactColumns>& contacts) {
  json += ",\"contacts\":[";
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    json += i > 0 ? ",{" : "{";
    append_members(json, contact_text_columns, contacts[i]);
    json += '}';
  }
  json += ']';
}

}  // namespace

JsonWriter::JsonWriter(const ExportSettings& settings, Buffer buffer)
    : m_buffer(std::move(buffer)),
      m_contacts(settings.contacts == ContactsToo::yes),
      m_is_array(settings.format == ExportFormat::json) {}

void JsonWriter::add(const CustomerText& customer) {
  std::string& json = m_buffer.text();
  if (m_is_array) json += m_is_first ? "[\n" : ",\n";
  m_is_first = false;
  json += '{';
  append_members(json, customer_text_columns, customer.customer);
  if (m_contacts) append_contacts(json, customer.contacts);
  json += m_is_array ? "}" : "}\n";
  m_buffer.flush_if_large();
}

void JsonWriter::finish() {
  if (m_is_array) m_buffer.text() += m_is_first ? "[]\n" : "\n]\n";
  m_buffer.flush();
}

}  // namespace kundehub::exchange
