#include "core/exchange/importer.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::exchange {
namespace {

StagedContact stage_contact(ImportedContact& contact) {
  return {std::move(contact.data), ImportMarks{contact.present, contact.given, false}.pack()};
}

std::vector<StagedContact> stage_contacts(ImportedCustomer& customer) {
  std::vector<StagedContact> staged;
  if (customer.data.kind == CustomerKind::private_person) {
    ContactData person = contact_of_private(customer.data);
    person.title = customer.title;
    staged.push_back({std::move(person), 0});
    return staged;
  }
  for (ImportedContact& contact : customer.contacts) staged.push_back(stage_contact(contact));
  return staged;
}

StagedCustomer stage_customer(ImportedCustomer& customer) {
  StagedCustomer staged;
  staged.place = {customer.row, customer.line};
  staged.number = customer.number;
  staged.marks = ImportMarks{customer.present.of_customer(), customer.given.of_customer(), customer.is_guess}.pack();
  staged.contacts = stage_contacts(customer);
  const bool has_primary =
      std::any_of(staged.contacts.begin(), staged.contacts.end(), [](const auto& one) { return one.data.primary; });
  if (!has_primary && !staged.contacts.empty() && !customer.present.has(ImportField::contact_primary))
    staged.contacts.front().data.primary = true;
  staged.data = std::move(customer.data);
  return staged;
}

bool is_one_customer(const StagedCustomer& a, const ImportedCustomer& b, MatchKey key) {
  if (a.number || b.number) return a.number == b.number;
  if (key != MatchKey::identity && key != MatchKey::cvr) return false;
  return a.data.kind == CustomerKind::business && a.data.cvr && a.data.cvr == b.data.cvr;
}

std::string describe(const std::vector<FieldDifference>& found, std::int64_t first_row) {
  const FieldDifference& one = found.front();
  return tr("gives the {} {}, and row {} of the same customer {}", one.field, text::quoted(one.after), first_row,
            one.before.empty() ? tr("none") : text::quoted(one.before));
}

/// Why a later row of a customer cannot go with the first one.
struct Mismatch {
  std::string why;  ///< empty: it can
  OtherRows first = OtherRows::stay;
};

Mismatch mismatch(const StagedCustomer& first, const CustomerData& later, FieldSet given, bool has_contacts) {
  const auto found = disagreement(first.data, later, given);
  // It adds nothing, so the first row is whole without it.
  if (found.empty() && (first.data.kind == CustomerKind::private_person || !has_contacts))
    return {tr("is the same customer as row {}", first.place.row), OtherRows::stay};
  if (found.empty()) return {};
  return {describe(found, first.place.row), OtherRows::go_too};
}

}  // namespace

Importer::Importer(RecordReader& records, CustomerBuilder& builder, ImportStage& stage, const ImportRules& rules)
    : m_records(records), m_builder(builder), m_stage(stage), m_rules(rules) {}

ImportCounts Importer::counts() const {
  ImportCounts counts = m_counts;
  counts.rejected = m_stage.rejected_rows();
  return counts;
}

bool Importer::has_too_many_errors() const {
  return m_rules.max_errors && m_stage.rejected_rows() > *m_rules.max_errors;
}

void Importer::reject(const BuiltRow& row, ErrorKind kind, const std::string& reason, OtherRows others) {
  const ImportedCustomer& customer = row.customer;
  RowRejection rejection{{customer.row, customer.line}, kind, reason, row.text, {}, {}};
  if (others == OtherRows::go_too) {
    if (customer.number) rejection.number = customer.number->text();
    if (customer.data.cvr) rejection.cvr = customer.data.cvr->text();
    if (customer.data.email) rejection.email_key = customer.data.email->key();
  }
  m_stage.reject(rejection);
}

/// Several rows in a row with one number are one business with several contacts. False if the row begins another
/// customer.
bool Importer::take_with_previous(BuiltRow& row) {
  ImportedCustomer& customer = row.customer;
  if (!m_previous || !is_one_customer(*m_previous, customer, m_rules.match)) return false;
  const Mismatch found = mismatch(*m_previous, customer.data, customer.given, !customer.contacts.empty());
  if (!found.why.empty()) {
    reject(row, ErrorKind::conflict, found.why, found.first);
    return true;
  }
  std::vector<StagedContact> contacts;
  for (ImportedContact& contact : customer.contacts) contacts.push_back(stage_contact(contact));
  m_stage.add_contacts(m_previous->id, {customer.row, customer.line}, contacts, row.text);
  return true;
}

void Importer::take(BuiltRow& row) {
  if (!row.fault.empty()) return reject(row, ErrorKind::bad_data, row.fault, OtherRows::go_too);
  for (const std::string& warning : row.warnings) {
    if (on_warning) on_warning({row.customer.row, row.customer.line}, warning);
  }
  m_has_primary_column = m_has_primary_column || row.customer.present.has(ImportField::contact_primary);
  if (take_with_previous(row)) return;
  m_previous = stage_customer(row.customer);
  m_previous->id = m_stage.add(*m_previous, row.text);
}

bool Importer::collect() {
  {
    RowPipeline rows(m_records, m_builder, m_rules.keeps_texts ? KeepTexts::yes : KeepTexts::no);
    while (BuiltRow* row = rows.next()) {
      ++m_counts.rows;
      take(*row);
      if (on_row) on_row();
      if (has_too_many_errors()) break;
    }
  }
  m_stage.finish_collecting();
  if (has_too_many_errors()) return false;
  settle();
  return !has_too_many_errors();
}

/// Rows of one customer that do not stand together.
void Importer::settle_double(StagedId first, StagedId later) {
  const StagedCustomer customer = m_stage.customer(first), other = m_stage.customer(later);
  const bool has_contacts = other.data.kind == CustomerKind::business && !other.contacts.empty();
  const ImportMarks marks = ImportMarks::unpack(other.marks);
  const Mismatch found = mismatch(customer, other.data, marks.given, has_contacts);
  if (found.why.empty()) {
    const bool is_marked = marks.present.has(ImportField::contact_primary);
    m_stage.join(first, later, is_marked ? PrimaryMarks::keep : PrimaryMarks::drop);
  } else {
    m_stage.reject_customer(later, ErrorKind::conflict, found.why, found.first);
  }
}

void Importer::settle() {
  m_stage.each_double(m_rules.match, [&](StagedId first, StagedId later) { settle_double(first, later); });
  m_stage.each_double_contact([&](StagedId id, const std::string& address) {
    m_stage.reject_customer(id, ErrorKind::bad_data, tr("the customer has the contact {} twice", text::quoted(address)),
                            OtherRows::go_too);
  });
  if (m_has_primary_column) {
    m_stage.each_double_primary([&](StagedId id) {
      m_stage.reject_customer(id, ErrorKind::bad_data, tr("the customer has two primary contacts"), OtherRows::go_too);
    });
  }
  if (m_rules.completeness == Completeness::partial) {  // else the mended rows would meet their own customer
    m_stage.each_companion(m_rules.match, [&](StagedId id, std::int64_t row) {
      m_stage.reject_customer(id, ErrorKind::bad_data, tr("goes with row {}, which is rejected", row), OtherRows::stay);
    });
  }
  m_stage.prepare_entry();
}

std::optional<EnteredRecords> Importer::enter(Operation& operation, Store& store) {
  m_stage.each_erased(
      [&](StagedId id, const Error& why) { m_stage.reject_customer(id, why.kind(), why.what(), OtherRows::stay); });
  m_stage.find_matches(m_rules.match);
  m_stage.each_double_match([&](StagedId first, StagedId later) {
    m_stage.reject_customer(later, ErrorKind::conflict,
                            tr("is the same customer as row {}", m_stage.customer(first).place.row), OtherRows::stay);
  });
  m_stage.each_match(
      [&](const StagedCustomer& row, const std::vector<CustomerId>& found) { meet(row, found, operation, store); });
  m_stage.each_taken_number([&](const StagedCustomer& row, CustomerId holder) {
    m_stage.reject_customer(row.id, ErrorKind::conflict,
                            tr("number {} belongs to another customer, {}", row.number->text(),
                               text::quoted(store.customer(holder)->data.name)),
                            OtherRows::stay);
  });
  const bool has_rejected = m_stage.rejected_rows() > 0;
  if (has_too_many_errors() || (has_rejected && m_rules.completeness == Completeness::atomic)) return std::nullopt;
  const EnteredRecords entered = operation.add_staged(m_stage);
  m_counts.added = entered.customers;
  m_counts.contacts_added += entered.contacts;
  return entered;
}

}  // namespace kundehub::exchange
