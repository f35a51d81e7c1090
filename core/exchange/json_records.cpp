#include "core/exchange/json_records.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::exchange {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t max_line_bytes = 1024 * 1024;
constexpr int max_depth = 4;
constexpr std::size_t max_members = 1000;  // different ones, in the whole file

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorKind::bad_data, why);
}

bool is_switch(ImportField field) {
  return field == ImportField::hub || field == ImportField::contact_hub || field == ImportField::contact_primary;
}

[[noreturn]] void refuse_second(ImportField field) {
  refuse(tr("has two members for {}", to_string(field)));
}

/// Two members of one name: which one is meant nobody can tell.
Json parse_object(std::string_view line) {
  std::vector<std::set<std::string>> names;
  const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > max_depth) refuse(tr("is nested too deeply"));
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::object_end) names.pop_back();
    if (event == Json::parse_event_t::key && !names.back().insert(parsed.get<std::string>()).second)
      refuse(tr("has the member {} twice", text::quoted(parsed.get<std::string>())));
    return true;
  };
  try {
    Json object = Json::parse(line, check);
    if (!object.is_object()) refuse(tr("is no JSON object"));
    return object;
  } catch (const Json::exception&) {
    refuse(tr("is no JSON object"));
  }
}

}  // namespace

JsonRecords::JsonRecords(TextSource& source, const RecordSettings& settings)
    : m_source(source), m_choices(settings.choices) {}

/// The fields of JSON go by their own names, the columns' or what --map says.
std::optional<ImportField> JsonRecords::field_of(const std::string& member, bool is_contact) {
  const std::string name = is_contact ? "contact_" + member : member;
  const auto seen =
      std::find_if(m_columns.begin(), m_columns.end(), [&](const auto& column) { return column.name == name; });
  if (seen != m_columns.end()) return seen->field;
  if (m_columns.size() == max_members) refuse(tr("is the {}th member name in the file", max_members + 1));
  ImportColumn column{.name = name, .is_reason = name == "reason"};
  const auto choice =
      std::find_if(m_choices.begin(), m_choices.end(), [&](const auto& one) { return one.column == name; });
  if (choice != m_choices.end()) {
    column.field = choice->field;
    column.is_chosen = true;
  } else if (!column.is_reason) {
    column.field = field_of_column(name);
  }
  m_columns.push_back(column);
  return column.field;
}

/// Text as it stands, whole numbers in digits, lists of text joined by commas. Throws Error{bad_data} for the rest.
std::string_view JsonRecords::text_of(const Json& value, const std::string& member, ImportField field) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get_ref<const std::string&>();
  auto text = std::make_unique<std::string>();
  if (value.is_boolean() && is_switch(field)) {
    *text = value.get<bool>() ? "yes" : "no";
  } else if (value.is_number_integer()) {
    *text = value.dump();
  } else if (value.is_array() && (field == ImportField::tags || field == ImportField::modules)) {
    for (const Json& element : value) {
      if (!element.is_string()) refuse(tr("has a list {} that holds something else than text", text::quoted(member)));
      *text += (text->empty() ? "" : ",") + element.get<std::string>();
    }
  } else {
    refuse(tr("has a value for {} that is no text", text::quoted(member)));
  }
  m_texts.push_back(std::move(text));
  return *m_texts.back();
}

void JsonRecords::read_contacts(const Json& contacts, ImportRecord& record) {
  if (contacts.is_null()) return;
  if (!contacts.is_array()) refuse(tr("has contacts that are no list"));
  for (const Json& contact : contacts) {
    if (!contact.is_object()) refuse(tr("has a contact that is no object"));
    ContactTexts read;
    for (const auto& [member, value] : contact.items()) {
      const auto field = field_of(member, true);
      if (!field) continue;
      if (!is_contact_field(*field)) refuse(tr("has a contact with the customer's field {}", text::quoted(member)));
      if (read.present.has(*field)) refuse_second(*field);
      read.texts[*field] = text_of(value, member, *field);
      read.present.add(*field);
      record.present.add(*field);
    }
    record.contacts.push_back(read);
  }
}

void JsonRecords::read_object(ImportRecord& record) {
  m_object = parse_object(record.json);
  ContactTexts contact;
  bool has_contact = false;
  for (const auto& [member, value] : m_object.items()) {
    if (member == "contacts") {
      read_contacts(value, record);
      continue;
    }
    const auto field = field_of(member, false);
    if (!field) continue;
    FieldSet& present = is_contact_field(*field) ? contact.present : record.present;
    if (present.has(*field)) refuse_second(*field);
    present.add(*field);
    const std::string_view text = text_of(value, member, *field);
    if (is_contact_field(*field)) {
      contact.texts[*field] = text;
      has_contact = has_contact || !text.empty();
    } else {
      record.customer[*field] = text;
    }
  }
  for (std::size_t i = first_contact_field; i < import_fields; ++i) {
    if (contact.present.has(static_cast<ImportField>(i))) record.present.add(static_cast<ImportField>(i));
  }
  if (has_contact) record.contacts.insert(record.contacts.begin(), contact);
}

bool JsonRecords::next_line(std::string_view& line) {
  for (;;) {
    const std::size_t end = m_text.find('\n', m_at);
    if (end != std::string::npos || (m_is_all && m_at < m_text.size())) {
      const std::size_t size = std::min(end, m_text.size()) - m_at;
      line = std::string_view(m_text).substr(m_at, size);
      m_at += std::min(size + 1, m_text.size() - m_at);
      ++m_line;
      return true;
    }
    if (m_is_all) return false;
    if (m_text.size() - m_at > max_line_bytes)
      throw Error(ErrorKind::bad_data, tr("line {} has more than 1 MiB", m_line + 1), tr("each line is one customer"));
    m_text.erase(0, m_at);
    m_at = 0;
    m_is_all = !m_source.read_more(m_text);
  }
}

bool JsonRecords::next(ImportRecord& record) {
  std::string_view line;
  do {
    if (!next_line(line)) return false;
  } while (line.find_first_not_of(" \t\r") == std::string_view::npos);
  record.row = record.line = m_line;
  record.json = line;
  record.present = {};
  record.customer.clear();
  record.contacts.clear();
  record.fault.clear();
  m_texts.clear();
  try {
    read_object(record);
  } catch (const Error& error) {
    record.fault = error.what();
  }
  return true;
}

}  // namespace kundehub::exchange
