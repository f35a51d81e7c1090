#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/contact_rows.hpp"
#include "core/store/sqlite/erased_rows.hpp"
#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/person_rows.hpp"
#include "core/store/sqlite/rule_rows.hpp"
#include "core/store/sqlite/sqlite_operation.hpp"
#include "core/store/sqlite/undo_links.hpp"
#include "core/store/sqlite/undo_plan.hpp"
#include "core/store/sqlite/undo_rows.hpp"
#include "core/text/translate.hpp"

/// What an operation does about earlier ones: taking one back, and erasing a person from all of them.
namespace kundehub::sqlite {

UndoResult SqliteOperation::undo(OperationId undone, ConflictPolicy policy) {
  return translated([&] {
    if (!select_operation_entry(m_database, undone))
      throw Error(ErrorKind::not_found, tr("no operation op:{}", undone.value), "kundehub log");
    if (is_erasure(m_database, undone)) throw refusal_of_erasure(undone);
    UndoResult result;
    UndoPlan plan(m_database, undone, at());
    result.conflicts = plan.conflicts();
    result.conflict_count = plan.conflict_count();
    if (result.conflict_count > 0 && policy == ConflictPolicy::refuse) return result;
    plan.check_room();
    result.unsent_mails = count_unsent_mails(m_database, undone);
    result.restored = plan.count("insert");
    result.changed = plan.count("change");
    result.deleted = plan.count("delete");
    const bool has_records = result.restored + result.changed + result.deleted > 0;
    if (!has_records && !has_mails_to_take_back(m_database, undone)) return result;
    const Undoing undoing{.undo = id(), .undone = undone, .at = at()};
    result.operation = undoing.undo;
    set_undoes(m_database, undoing);
    take_back_mails(m_database, undoing, result);
    apply_undo(m_database, undoing, result);
    check_rules(undone);
    return result;
  });
}

void SqliteOperation::check_rules(OperationId undone) {
  each_breach(m_database, undo_customers, [&](const RuleBreach& breach) {
    throw Error(ErrorKind::conflict,
                tr("op:{} cannot be undone by itself: at {} {}", undone.value, breach.record, breach.text),
                tr("undo what came after it first: kundehub log"));
  });
}

PersonErasure SqliteOperation::erase_person(const EmailAddress& email, const AddressHash& hash) {
  return translated([&] {
    const auto customers = customers_with_contact(m_database, email);
    for (const ContactId contact : find_contacts(m_database, email, std::nullopt)) cancel_welcome(contact);
    PersonErasure erasure = sqlite::erase_person(m_database, id(), email);
    insert_erased(m_database, hash, id());
    for (const CustomerId customer : customers) appoint_primary(customer);
    return erasure;
  });
}

void SqliteOperation::appoint_primary(CustomerId customer) {
  const auto left = contacts_of(m_database, customer);
  if (left.empty() || !primary_contacts(m_database, customer).empty()) return;
  ContactData heir = require_contact(left.front()).data;
  heir.primary = true;
  change_contact(left.front(), heir);
}

bool SqliteOperation::forget_erasure(const AddressHash& hash) {
  return translated([&] {
    const bool was_erased = delete_erased(m_database, hash);
    if (was_erased) id();
    return was_erased;
  });
}

void SqliteOperation::refuse_erased(const std::optional<EmailAddress>& email) {
  if (!email || !m_hasher || !has_erased(m_database)) return;
  if (auto refusal = refusal_of_erased(m_database, m_hasher, email->key())) throw Error(*std::move(refusal));
}

}  // namespace kundehub::sqlite
