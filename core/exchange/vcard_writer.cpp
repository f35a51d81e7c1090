#include "core/exchange/vcard_writer.hpp"

#include <algorithm>
#include <string>

namespace kundehub::exchange {
namespace {

template <class Columns>
std::string_view value_of(const Columns& names, const Columns& values, std::string_view name) {
  return values[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())];
}

std::string_view of_customer(const CustomerText& customer, std::string_view name) {
  return value_of(customer_text_columns, customer.customer, name);
}

std::string_view of_contact(const ContactColumns& contact, std::string_view name) {
  return value_of(contact_text_columns, contact, name);
}

/// RFC 6350, section 3.4; in a component of a structured value the semicolon counts too.
std::string escaped(std::string_view text) {
  std::string value;
  for (const char c : text) {
    if (c == '\\' || c == ',' || c == ';') value += '\\';
    value += c == '\n' ? "\\n" : std::string(1, c);
  }
  return value;
}

/// Lines of at most 75 bytes, none of which ends within a character (RFC 6350, section 3.2).
void append_folded(std::string& card, std::string_view line) {
  std::size_t room = 75;
  while (line.size() > room) {
    std::size_t end = room;
    while ((static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    (card += line.substr(0, end)) += "\r\n ";
    line.remove_prefix(end);
    room = 74;
  }
  (card += line) += "\r\n";
}

/// Nothing for an empty value. `value` is escaped already.
void append_property(std::string& card, std::string_view name, const std::string& value) {
  if (!value.empty()) append_folded(card, std::string(name) + ':' + value);
}

/// `First Last` as `Last;First;;;` (section 6.2.2).
std::string structured_name(std::string_view first, std::string_view last) {
  return escaped(last) + ';' + escaped(first) + ";;;";
}

/// Post box and extension stay empty (section 6.3.1).
std::string structured_address(const CustomerText& customer) {
  std::string value = ";;";
  bool any = false;
  for (const std::string_view part : {"address", "city", "", "zip", "country"}) {
    const std::string_view text = part.empty() ? part : of_customer(customer, part);
    any = any || (!text.empty() && part != "country");
    value += escaped(text) + (part == "country" ? "" : ";");
  }
  return any ? value : std::string();
}

std::string categories(std::string_view tags) {
  std::string value;
  for (const char c : tags) value += c == ',' ? std::string(",") : escaped(std::string_view(&c, 1));
  return value;
}

void begin(std::string& card, std::string_view uid, std::string_view kind) {
  card += "BEGIN:VCARD\r\nVERSION:4.0\r\n";
  append_property(card, "UID;VALUE=text", "kundehub-" + escaped(uid));
  append_property(card, "KIND", std::string(kind));
}

}  // namespace

void VcardWriter::add(const CustomerText& customer) {
  const auto text = [&](std::string_view name) { return escaped(of_customer(customer, name)); };
  const bool is_business = of_customer(customer, "kind") == "business";
  std::string& card = m_buffer.text();
  begin(card, of_customer(customer, "number"), is_business ? "org" : "individual");
  append_property(card, "FN", text("name"));
  if (is_business) append_property(card, "ORG", text("name"));
  append_property(card, "EMAIL", text("email"));
  append_property(card, "TEL", text("phone"));
  append_property(card, "ADR", structured_address(customer));
  append_property(card, "LANG", text("language"));
  append_property(card, "URL", std::string(of_customer(customer, "website")));
  append_property(card, "CATEGORIES", categories(of_customer(customer, "tags")));
  append_property(card, "NOTE", text("notes"));
  card += "END:VCARD\r\n";
  for (const ContactColumns& contact : customer.contacts) add_contact(customer, contact);
  m_buffer.flush_if_large();
}

void VcardWriter::add_contact(const CustomerText& customer, const ContactColumns& contact) {
  const std::string_view first = of_contact(contact, "first_name"), last = of_contact(contact, "last_name");
  const auto text = [&](std::string_view name) { return escaped(of_contact(contact, name)); };
  std::string& card = m_buffer.text();
  begin(card, std::string(of_customer(customer, "number")) + "-" + std::string(of_contact(contact, "email")),
        "individual");
  append_property(card, "FN", escaped(first) + (first.empty() || last.empty() ? "" : " ") + escaped(last));
  append_property(card, "N", structured_name(first, last));
  append_property(card, "ORG", escaped(of_customer(customer, "name")));
  append_property(card, "TITLE", text("title"));
  append_property(card, "EMAIL", text("email"));
  append_property(card, "TEL", text("phone"));
  append_property(card, "LANG", text("language"));
  card += "END:VCARD\r\n";
}

}  // namespace kundehub::exchange
