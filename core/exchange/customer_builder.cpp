#include "core/exchange/customer_builder.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/exchange/cell_values.hpp"
#include "core/exchange/name_table.hpp"
#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/plain.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::exchange {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Blanks at either end say nothing; no-break ones are taken away with the value's own rules.
std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool same_name(std::string_view a, std::string_view b) {
  return folded_name(a) == folded_name(b);
}

/// Fields that hold digits, which a spreadsheet likes to take for a number.
bool holds_digits(ImportField field) {
  return field == ImportField::number || field == ImportField::cvr || field == ImportField::phone ||
         field == ImportField::zip || field == ImportField::contact_phone;
}

/// A value as the record has it. Throws Error{bad_data} if a spreadsheet has spoilt it.
std::string_view value_of(std::string_view cell, ImportField field) {
  const std::string_view text = trimmed(cell);
  if (const std::string_view why = damage(text, holds_digits(field) ? CellKind::digits : CellKind::text);
      !why.empty() && field != ImportField::notes)
    throw Error(ErrorKind::bad_data, fmt::format("{} {}", text::quoted(text), tr_text(why)));
  if (holds_digits(field) && is_shortened_number(text)) {
    throw Error(ErrorKind::bad_data,
                tr("{} is a number that a spreadsheet has shortened, and its last digits are lost: format the "
                   "column as text and export it again",
                   text::quoted(text)));
  }
  return text;
}

/// Calls `visit` with each part between commas.
template <class Visit>
void each_of_list(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (const std::string_view part = trimmed(list.substr(0, end)); !part.empty()) visit(part);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

std::string name_of_contact(const FieldTexts& contact) {
  const std::string_view whole = trimmed(contact[ImportField::contact_name]);
  if (!whole.empty()) return std::string(whole);
  const std::string_view first = trimmed(contact[ImportField::contact_first_name]);
  const std::string_view last = trimmed(contact[ImportField::contact_last_name]);
  return fmt::format("{}{}{}", first, first.empty() || last.empty() ? "" : " ", last);
}

}  // namespace

/// What is wrong with a record, as it is found.
class CustomerBuilder::Faults {
 public:
  explicit Faults(const std::vector<ImportColumn>& columns) : m_columns(columns) {}

  template <class Step>
  void guard(ImportField field, Step step) {
    try {
      step();
    } catch (const Error& error) {
      add(fmt::format("{}: {}", column_name(field), error.what()));
    }
  }

  void add(std::string_view fault) {
    if (!m_text.empty()) m_text += "; ";
    m_text += fault;
  }

  [[nodiscard]] const std::string& text() const { return m_text; }

  [[nodiscard]] std::string_view column_name(ImportField field) const {
    for (const ImportColumn& column : m_columns) {
      if (column.field == field) return column.name;
    }
    return to_string(field);
  }

 private:
  const std::vector<ImportColumn>& m_columns;
  std::string m_text;
};

void CustomerBuilder::find_kind(const ImportRecord& record, ImportedCustomer& customer, Faults& faults) const {
  const std::string_view cell = trimmed(record.customer[ImportField::kind]);
  customer.is_guess = !m_policy.kind && cell.empty();
  if (m_policy.kind) {
    customer.data.kind = *m_policy.kind;
    return;
  }
  if (!cell.empty()) {
    const auto kind = kind_of_word(cell);
    customer.data.kind = kind.value_or(CustomerKind::business);
    if (!kind) {
      faults.guard(ImportField::kind, [&] {
        throw Error(ErrorKind::bad_data, tr("{} is neither business nor private", text::quoted(cell)));
      });
    }
    return;
  }
  const std::string_view name = trimmed(record.customer[ImportField::name]);
  if (name.empty() && continues_last(record)) {
    customer.data.kind = m_last_kind;
    return;
  }
  const bool has_others = std::any_of(record.contacts.begin(), record.contacts.end(), [&](const ContactTexts& contact) {
    const std::string contact_name = name_of_contact(contact.texts);
    return !name.empty() && !contact_name.empty() && !same_name(contact_name, name);
  });
  const bool is_business = !trimmed(record.customer[ImportField::cvr]).empty() || has_company_form(name) || has_others;
  customer.data.kind = is_business ? CustomerKind::business : CustomerKind::private_person;
}

/// Further rows of a customer often leave empty what the first one has said.
bool CustomerBuilder::continues_last(const ImportRecord& record) const {
  const std::string_view number = trimmed(record.customer[ImportField::number]);
  return !number.empty() && number == m_last_number;
}

void CustomerBuilder::set_name(const ImportRecord& record, ImportedCustomer& customer, Faults& faults) const {
  faults.guard(ImportField::name, [&] {
    const std::string_view name = value_of(record.customer[ImportField::name], ImportField::name);
    if (name.empty() && continues_last(record)) {
      customer.data.name = m_last_name;
      return;
    }
    const bool is_private = customer.data.kind == CustomerKind::private_person;
    const std::string of_person =
        is_private && name.empty() && !record.contacts.empty() ? name_of_contact(record.contacts[0].texts) : "";
    customer_field("name").set(customer.data, of_person.empty() ? name : std::string_view(of_person));
    customer.given.add(ImportField::name);
  });
}

void CustomerBuilder::set_texts(const ImportRecord& record, ImportedCustomer& customer, Faults& faults) const {
  constexpr std::array simple{ImportField::cvr, ImportField::email, ImportField::phone,   ImportField::address,
                              ImportField::zip, ImportField::city,  ImportField::website, ImportField::notes};
  static const std::array fields = [&] {
    std::array<const CustomerField*, simple.size()> found{};
    for (std::size_t i = 0; i < simple.size(); ++i) found[i] = &customer_field(to_string(simple[i]));
    return found;
  }();
  for (std::size_t i = 0; i < simple.size(); ++i) {
    const std::string_view cell = record.customer[simple[i]];
    if (cell.empty()) continue;
    faults.guard(simple[i], [&] {
      const std::string_view value = value_of(cell, simple[i]);
      if (value.empty()) return;
      fields[i]->set(customer.data, value);
      customer.given.add(simple[i]);
    });
  }
  const std::string_view number = trimmed(record.customer[ImportField::number]);
  if (number.empty()) return;
  faults.guard(ImportField::number, [&] {
    customer.number = CustomerNumber::parse(value_of(number, ImportField::number));
    customer.given.add(ImportField::number);
  });
}

void CustomerBuilder::set_locale(const ImportRecord& record, ImportedCustomer& customer, Faults& faults) const {
  if (const std::string_view country = trimmed(record.customer[ImportField::country]); !country.empty()) {
    faults.guard(ImportField::country, [&] {
      customer.data.country = country_of_word(value_of(country, ImportField::country));
      customer.given.add(ImportField::country);
    });
  }
  if (const std::string_view language = trimmed(record.customer[ImportField::language]); !language.empty()) {
    faults.guard(ImportField::language, [&] {
      const auto known = language_of_word(language);
      if (!known)
        throw Error(ErrorKind::bad_data, tr("language {} is not known: use da or en", text::quoted(language)));
      customer.data.language = *known;
      customer.given.add(ImportField::language);
    });
  }
}

std::string CustomerBuilder::module_key(std::string_view name) const {
  std::vector<std::string_view> keys;
  for (const Module& module : m_policy.known_modules) {
    if (module.key == name || same_name(module.title_da, name) || same_name(module.title_en, name)) return module.key;
    keys.push_back(module.key);
  }
  const auto near = text::nearest(name, keys);
  throw Error(ErrorKind::bad_data, tr("no module {}: {}", text::quoted(name),
                                      near ? tr("did you mean {}", *near) : tr("modules: {}", fmt::join(keys, " "))));
}

void CustomerBuilder::set_access(const ImportRecord& record, ImportedCustomer& customer, Faults& faults) const {
  CustomerData& data = customer.data;
  if (const std::string_view hub = trimmed(record.customer[ImportField::hub]); !hub.empty()) {
    faults.guard(ImportField::hub, [&] {
      const auto on = switch_of_word(hub);
      if (!on) throw Error(ErrorKind::bad_data, tr("{} is neither on nor off", text::quoted(hub)));
      data.hub = *on ? HubSwitch::on : HubSwitch::off;
      customer.given.add(ImportField::hub);
    });
  }
  if (m_policy.hub) {
    data.hub = *m_policy.hub;
    customer.given.add(ImportField::hub);
  }
  const std::string_view modules = trimmed(record.customer[ImportField::modules]);
  if (!modules.empty() || !m_policy.modules.empty()) data.modules = m_policy.modules;
  faults.guard(ImportField::modules, [&] {
    each_of_list(modules, [&](std::string_view name) { insert_sorted(data.modules, module_key(name)); });
  });
  if (!modules.empty()) customer.given.add(ImportField::modules);
  data.tags = m_policy.tags;
  const std::string_view tags = trimmed(record.customer[ImportField::tags]);
  faults.guard(ImportField::tags,
               [&] { each_of_list(tags, [&](std::string_view tag) { insert_sorted(data.tags, parse_tag(tag)); }); });
  if (!tags.empty()) customer.given.add(ImportField::tags);
}

namespace {

/// A contact's texts, and its whole name where the file has one column for it.
ImportedContact read_contact(const ContactTexts& contact_texts, auto& faults) {
  constexpr std::array simple{ImportField::contact_first_name, ImportField::contact_last_name,
                              ImportField::contact_email, ImportField::contact_phone, ImportField::contact_title};
  constexpr std::size_t prefix = std::string_view("contact_").size();
  const FieldTexts& texts = contact_texts.texts;
  ImportedContact imported;
  imported.present = contact_texts.present;
  ContactData& contact = imported.data;
  for (std::size_t i = first_contact_field; i < import_fields; ++i) {
    if (!trimmed(texts[static_cast<ImportField>(i)]).empty()) imported.given.add(static_cast<ImportField>(i));
  }
  for (const ImportField field : simple) {
    if (!imported.given.has(field)) continue;
    faults.guard(field,
                 [&] { contact_field(to_string(field).substr(prefix)).set(contact, value_of(texts[field], field)); });
  }
  faults.guard(ImportField::contact_name, [&] {
    const std::string_view name = value_of(texts[ImportField::contact_name], ImportField::contact_name);
    const std::size_t comma = name.find(", ");
    if (comma != std::string_view::npos && name.find(',', comma + 1) == std::string_view::npos) {
      contact_field("last_name").set(contact, name.substr(0, comma));  // as address books sort people
      contact_field("first_name").set(contact, name.substr(comma + 2));
    } else if (!name.empty()) {
      set_full_name(contact, name);
    }
  });
  faults.guard(ImportField::contact_language, [&] {
    const std::string_view word = trimmed(texts[ImportField::contact_language]);
    contact.language = word.empty() ? std::nullopt : language_of_word(word);
    if (!word.empty() && !contact.language)
      throw Error(ErrorKind::bad_data, tr("language {} is not known: use da or en", text::quoted(word)));
  });
  const auto read_switch = [&](ImportField field, bool otherwise) {
    bool on = otherwise;
    faults.guard(field, [&] {
      const std::string_view word = trimmed(texts[field]);
      const auto known = word.empty() ? std::optional(otherwise) : switch_of_word(word);
      if (!known) throw Error(ErrorKind::bad_data, tr("{} is neither yes nor no", text::quoted(word)));
      on = *known;
    });
    return on;
  };
  contact.hub = read_switch(ImportField::contact_hub, true) ? HubSwitch::on : HubSwitch::off;  // R8
  contact.primary = read_switch(ImportField::contact_primary, false);
  return imported;
}

}  // namespace

/// A private customer is their own contact (R1): what a contact's columns say is the person's own.
void CustomerBuilder::join_person(const ContactTexts& texts, ImportedCustomer& customer, Faults& faults,
                                  std::vector<std::string>& warnings) const {
  CustomerData& data = customer.data;
  const std::string name = name_of_contact(texts.texts);
  if (!name.empty() && !same_name(name, data.name)) {
    faults.add(
        tr("a private customer is their own contact, and {} is another name: add a column \"type\" that "
           "says business, or --kind business",
           text::quoted(name)));
    return;
  }
  const ImportedContact own = read_contact(texts, faults);
  if (own.data.email) {
    if (data.email && *data.email != *own.data.email)
      faults.add(tr("{} is a second address, and a private customer has one", text::quoted(own.data.email->text())));
    data.email = own.data.email;
    customer.given.add(ImportField::email);
  }
  if (data.phone.empty() && !own.data.phone.empty()) {
    data.phone = own.data.phone;
    customer.given.add(ImportField::phone);
  } else if (!own.data.phone.empty() && own.data.phone != data.phone) {
    warnings.push_back(
        tr("{} is a second telephone number, and a private customer has one: left out", text::quoted(own.data.phone)));
  }
  if (own.data.language && !customer.given.has(ImportField::language)) {
    data.language = *own.data.language;
    customer.given.add(ImportField::language);
  }
  // Of the two switches, which are one here, off wins: nobody gets in by accident.
  if (own.given.has(ImportField::contact_hub) && own.data.hub == HubSwitch::off) {
    data.hub = HubSwitch::off;
    customer.given.add(ImportField::hub);
  }
  customer.title = own.data.title;
}

void CustomerBuilder::set_contacts(const ImportRecord& record, ImportedCustomer& customer, Faults& faults,
                                   std::vector<std::string>& warnings) const {
  customer.contacts.clear();
  const bool is_private = customer.data.kind == CustomerKind::private_person;
  if (is_private && record.contacts.size() > 1)
    faults.add(tr("a private customer is their own contact and has no others"));
  for (const ContactTexts& contact_texts : record.contacts) {
    const FieldTexts& texts = contact_texts.texts;
    if (is_private) {
      join_person(contact_texts, customer, faults, warnings);
      continue;
    }
    // An address beside an empty name is the firm's, where the heading says nothing of contacts.
    const std::string_view email = trimmed(texts[ImportField::contact_email]);
    if (name_of_contact(texts).empty() && !email.empty() && !customer.data.email &&
        trimmed(texts[ImportField::contact_phone]).empty() && !record.present.has(ImportField::email) &&
        is_plain_email(faults.column_name(ImportField::contact_email))) {
      faults.guard(ImportField::contact_email, [&] { customer.data.email = EmailAddress::parse(email); });
      customer.given.add(ImportField::email);
      continue;
    }
    const std::size_t faults_before = faults.text().size();
    ImportedContact contact = read_contact(contact_texts, faults);
    if (faults.text().size() == faults_before) {
      faults.guard(ImportField::contact_name, [&] { check_business_contact(contact.data); });
    }
    const bool is_double =
        std::any_of(customer.contacts.begin(), customer.contacts.end(),
                    [&](const ImportedContact& other) { return other.data.email == contact.data.email; });
    if (is_double && contact.data.email)
      faults.add(tr("the contact {} is in it twice", text::quoted(contact.data.email->text())));
    customer.contacts.push_back(std::move(contact));
  }
}

std::string CustomerBuilder::build(const ImportRecord& record, const std::vector<ImportColumn>& columns,
                                   ImportedCustomer& customer, std::vector<std::string>& warnings) {
  customer.row = record.row;
  customer.line = record.line;
  customer.number.reset();
  customer.title.clear();
  customer.data = m_policy.defaults;
  customer.present = record.present;
  customer.given = {};
  Faults faults(columns);
  if (!record.fault.empty()) {
    set_texts(record, customer, faults);  // the customer's other rows are found by them
    return record.fault;
  }
  find_kind(record, customer, faults);
  set_name(record, customer, faults);
  set_texts(record, customer, faults);
  set_locale(record, customer, faults);
  set_access(record, customer, faults);
  set_contacts(record, customer, faults, warnings);
  m_last_number = trimmed(record.customer[ImportField::number]);
  m_last_name = customer.data.name;
  m_last_kind = customer.data.kind;
  if (faults.text().empty()) faults.guard(ImportField::cvr, [&] { check(customer.data); });
  if (faults.text().empty() && has_lost_zero(customer.data.zip, customer.data.country)) {
    warnings.push_back(tr("postal code {} is a digit short: a spreadsheet may have dropped its leading zero",
                          text::quoted(customer.data.zip)));
  }
  return faults.text();
}

}  // namespace kundehub::exchange
