#include <algorithm>

#include <fmt/format.h>

#include "core/exchange/importer.hpp"
#include "core/model/error.hpp"
#include "core/service/contacts.hpp"
#include "core/service/customers.hpp"
#include "core/service/lookup.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::exchange {
namespace {

/// Why a row cannot be an update of this customer. Empty if it can.
std::string obstacle(const StagedCustomer& row, const Customer& present) {
  const std::string& number = present.number.text();
  if (row.number && *row.number != present.number)
    return tr("is customer {} by its other columns, and has the number {}", number, row.number->text());
  if (row.data.kind == present.data.kind) return {};
  const std::string_view kind = to_string(present.data.kind);
  return ImportMarks::unpack(row.marks).is_guess
             ? tr("looks {}, and customer {} is {}: add a column \"type\"", to_string(row.data.kind), number, kind)
             : tr("is {}, and customer {} is {}", to_string(row.data.kind), number, kind);
}

/// Why the merged customer would break a rule. Empty if it does not.
std::string fault_of(const CustomerData& after) {
  try {
    check(after);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

/// A row whose customer the store has.
void Importer::meet(const StagedCustomer& row, const std::vector<CustomerId>& found, Operation& operation,
                    Store& store) {
  ++m_counts.duplicates;
  const auto refuse = [&](const std::string& why) {
    m_stage.reject_customer(row.id, ErrorKind::conflict, why, OtherRows::stay);
  };
  if (found.size() > 1) return refuse(tr("fits several customers: {}", name_customers(store, found)));
  if (m_rules.on_duplicate == OnDuplicate::skip) return;
  if (m_rules.on_duplicate == OnDuplicate::fail)
    return refuse(tr("is there already: {}", name_customers(store, found)));
  const Customer present = *store.customer(found.front());
  if (const std::string why = obstacle(row, present); !why.empty()) return refuse(why);
  const CustomerData after = merged(present.data, row, m_rules.merge);
  if (const std::string why = fault_of(after); !why.empty()) return refuse(why);
  update(row, present, after, operation, store);
}

void Importer::update(const StagedCustomer& row, const Customer& present, const CustomerData& after,
                      Operation& operation, Store& store) {
  const auto changes = differences(present.data, after);
  for (const FieldDifference& change : changes) {
    if (on_difference) on_difference({row.place.row, present.number, "", change});
  }
  if (!changes.empty()) edit_customer(operation, store, present, after);
  if (present.archived_at && on_warning)
    on_warning(row.place, tr("customer {} is archived, and stays so", present.number.text()));
  const bool is_business = present.data.kind == CustomerKind::business;
  const bool contacts_changed = is_business ? !row.contacts.empty() && update_contacts(row, present, operation, store)
                                            : update_person(row, present, operation, store);
  ++(changes.empty() && !contacts_changed ? m_counts.unchanged : m_counts.changed);
}

/// What a private customer's contact has of its own: its title. True if that was changed.
bool Importer::update_person(const StagedCustomer& row, const Customer& present, Operation& operation, Store& store) {
  const std::string& title = row.contacts.front().data.title;
  if (title.empty() && !on_contact) return false;
  const ContactOverview own = contacts_of(store, present.id, operation.at()).front();
  if (on_contact) on_contact(own.contact.id);
  ContactData after = own.contact.data;
  if (!title.empty()) after.title = title;
  const auto changes = differences(own.contact.data, after);
  for (const FieldDifference& change : changes) {
    if (on_difference) on_difference({row.place.row, present.number, "", change});
  }
  if (!changes.empty()) edit_contact(operation, store, own, after);
  return !changes.empty();
}

/// Contacts are the same if their address is (R12). True if any was added or changed.
bool Importer::update_contacts(const StagedCustomer& row, const Customer& present, Operation& operation, Store& store) {
  bool changed = false;
  const auto there = contacts_of(store, present.id, operation.at());
  for (const StagedContact& staged : row.contacts) {
    const auto own = std::find_if(there.begin(), there.end(), [&](const ContactOverview& one) {
      return one.contact.data.email == staged.data.email;
    });
    const bool is_new = own == there.end();
    ContactData before = is_new ? ContactData{} : own->contact.data;
    ContactData after = is_new ? staged.data : merged(before, staged, m_rules.merge.empty);
    if (is_new)
      after.primary = after.primary && ImportMarks::unpack(staged.marks).given.has(ImportField::contact_primary);
    const auto changes = differences(before, after);
    for (const FieldDifference& change : changes) {
      if (on_difference) on_difference({row.place.row, present.number, staged.data.email->text(), change});
    }
    ContactId id = is_new ? ContactId{} : own->contact.id;
    if (is_new) {
      id = add_contact(operation, present, after);
      ++m_counts.contacts_added;
    } else if (!changes.empty()) {
      edit_contact(operation, store, *own, after);
      ++m_counts.contacts_changed;
    }
    changed = changed || !changes.empty();
    if (on_contact) on_contact(id);
  }
  return changed;
}

}  // namespace kundehub::exchange
