#include "core/model/contact.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/model/phone.hpp"
#include "core/text/nearest.hpp"
#include "core/text/plain.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

/// Of a list of mailboxes, all but the last would end up in the name.
bool holds_address(std::string_view name) {
  for (std::size_t open = name.find('<'); open != std::string_view::npos; open = name.find('<', open + 1)) {
    const std::size_t close = name.find('>', open);
    if (close != std::string_view::npos && name.substr(open, close - open).find('@') != std::string_view::npos)
      return true;
  }
  return false;
}

constexpr const char* mailbox_hint = translatable("write it as \"First Last <mail@example.dk>\"");

template <std::string ContactData::*Member>
std::string get_text(const ContactData& contact) {
  return contact.*Member;
}

constexpr std::array fields{
    ContactField{"first_name", translatable("first name, or names"),
                 [](ContactData& contact, std::string_view text) {
                   contact.first_name = text::clean_line(translatable("first name"), text);
                 },
                 get_text<&ContactData::first_name>},
    ContactField{"last_name", translatable("last name"),
                 [](ContactData& contact, std::string_view text) {
                   contact.last_name = text::clean_line(translatable("last name"), text);
                 },
                 get_text<&ContactData::last_name>},
    ContactField{"email", translatable("the address the person logs in with"),
                 [](ContactData& contact, std::string_view text) {
                   contact.email = text.empty() ? std::nullopt : std::optional(EmailAddress::parse(text));
                 },
                 [](const ContactData& contact) { return contact.email ? contact.email->text() : std::string(); }},
    ContactField{"phone", translatable("telephone number"),
                 [](ContactData& contact, std::string_view text) { contact.phone = parse_phone(text); },
                 get_text<&ContactData::phone>},
    ContactField{"title", translatable("what the person does at the customer"),
                 [](ContactData& contact, std::string_view text) {
                   contact.title = text::clean_line(translatable("title"), text);
                 },
                 get_text<&ContactData::title>},
    ContactField{"language", translatable("da or en; without it the customer's"),
                 [](ContactData& contact, std::string_view text) {
                   contact.language = text.empty() ? std::nullopt : std::optional(parse_language(text));
                 },
                 [](const ContactData& contact) {
                   return contact.language ? std::string(to_string(*contact.language)) : std::string();
                 }},
};

}  // namespace

std::string ContactData::full_name() const {
  return first_name.empty() || last_name.empty() ? first_name + last_name : first_name + ' ' + last_name;
}

void set_full_name(ContactData& contact, std::string_view name) {
  const std::string clean = text::clean_line(translatable("name"), name);
  const std::size_t space = clean.rfind(' ');
  contact.first_name = text::clean_line(translatable("name"), clean.substr(0, space));
  contact.last_name = space == std::string::npos ? std::string() : clean.substr(space + 1);
}

ContactData parse_mailbox(std::string_view text) {
  const std::string mailbox = text::clean_line(translatable("contact"), text, 600);
  const std::size_t open = mailbox.rfind('<');
  if (open == std::string::npos || mailbox.back() != '>' || holds_address(std::string_view(mailbox).substr(0, open))) {
    throw Error(ErrorKind::bad_data, tr("{} is not a contact", text::quoted(text)), tr_text(mailbox_hint));
  }
  ContactData contact;
  set_full_name(contact, std::string_view(mailbox).substr(0, open));
  contact.email = EmailAddress::parse(std::string_view(mailbox).substr(open + 1, mailbox.size() - open - 2));
  if (contact.first_name.empty() || contact.last_name.empty()) {
    throw Error(ErrorKind::bad_data, tr("{} lacks a first or a last name", text::quoted(text)), tr_text(mailbox_hint));
  }
  return contact;
}

std::span<const ContactField> contact_fields() {
  return fields;
}

const ContactField& contact_field(std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const ContactField& field) { return field.name == name; });
  if (found != fields.end()) return *found;
  std::vector<std::string_view> names;
  for (const ContactField& field : fields) names.push_back(field.name);
  const auto near = text::nearest(name, names);
  throw Error(ErrorKind::usage, tr("a contact has no field {}", text::quoted(name)),
              near ? tr("did you mean {}", *near) : tr("fields: {}", fmt::join(names, " ")));
}

void check_business_contact(const ContactData& contact) {
  const std::string missing = contact.first_name.empty()  ? tr("a first name")
                              : contact.last_name.empty() ? tr("a last name")
                              : !contact.email            ? tr("an e-mail address")
                                                          : "";
  if (!missing.empty())
    throw Error(ErrorKind::bad_data, tr("a business contact needs {}", missing), tr_text(mailbox_hint));
}

ContactData contact_of_private(const CustomerData& customer) {
  ContactData contact;
  set_full_name(contact, customer.name);
  contact.email = customer.email;
  contact.phone = customer.phone;
  contact.language = customer.language;
  contact.hub = customer.hub;
  contact.primary = true;
  return contact;
}

}  // namespace kundehub
