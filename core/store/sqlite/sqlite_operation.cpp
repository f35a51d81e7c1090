#include "core/store/sqlite/sqlite_operation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/contact_rows.hpp"
#include "core/store/sqlite/customer_rows.hpp"
#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/link_rows.hpp"
#include "core/store/sqlite/login_rows.hpp"
#include "core/store/sqlite/module_rows.hpp"
#include "core/store/sqlite/person_rows.hpp"
#include "core/store/sqlite/sqlite_import_stage.hpp"
#include "core/store/sqlite/welcome_rows.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

/// Addresses that differ in case only are equal, but each is shown as it was typed last.
bool reads_alike(const std::optional<EmailAddress>& a, const std::optional<EmailAddress>& b) {
  return !a || !b || a->text() == b->text();
}

/// One look-up, however many contacts there are (R2).
bool lacks_contacts(Connection& database, CustomerId business) {
  Statement statement(database,
                      "SELECT 1 FROM customer WHERE id = :id AND kind = 'business' "
                      "AND NOT EXISTS (SELECT 1 FROM contact WHERE customer_id = :id)");
  statement.bind(":id", business.value);
  return statement.executeStep();
}

}  // namespace

SqliteOperation::SqliteOperation(Connection& database, const std::filesystem::path& path,
                                 std::unique_ptr<FileLock> turn, OperationContext context, OperationMode mode,
                                 AddressHasher hasher)
    : m_database(database), m_path(path), m_context(std::move(context)), m_mode(mode), m_hasher(std::move(hasher)) {
  m_transaction.emplace(database, path, std::move(turn));
}

SqliteOperation::SqliteOperation(SqliteOperation& whole, OperationContext context, OperationMode mode)
    : m_database(whole.m_database),
      m_context(std::move(context)),
      m_mode(mode),
      m_hasher(whole.m_hasher),
      m_whole(&whole) {
  m_database.exec("SAVEPOINT part");
  m_whole_had_id = whole.m_id.has_value();
}

SqliteOperation::~SqliteOperation() {
  abandon_part();
}

OperationId SqliteOperation::id() {
  if (!m_id) m_id = m_whole ? m_whole->id() : insert_operation(m_database, m_context);
  return *m_id;
}

void SqliteOperation::abandon_part() noexcept {
  if (!m_whole) return;
  m_database.tryExec("ROLLBACK TO part; RELEASE part");  // fails where a full disk has ended it all
  if (!m_whole_had_id) m_whole->m_id.reset();
  m_whole = nullptr;
}

Customer SqliteOperation::require_customer(CustomerId customer) {
  auto found = select_customer(m_database, customer);
  if (!found) throw Error(ErrorKind::not_found, tr("no customer id:{}", customer.value));
  return *std::move(found);
}

Contact SqliteOperation::require_contact(ContactId contact) {
  const auto found = select_contact(m_database, contact);
  if (!found) throw Error(ErrorKind::not_found, tr("no contact contact:{}", contact.value), "kundehub contact list");
  return *found;
}

void SqliteOperation::give_up_primary(CustomerId customer, std::optional<ContactId> heir, const ContactData& contact) {
  if (!contact.primary) return;
  for (const ContactId holder : primary_contacts(m_database, customer)) {
    if (holder == heir) continue;
    keep_before(m_database, id(), Entity::contact, holder.value);
    const Contact former = require_contact(holder);
    ContactData data = former.data;
    data.primary = false;
    update_contact(m_database, former, data, at());
  }
}

void SqliteOperation::attempt(const std::function<void()>& step) {
  const auto id_before = m_id;
  translated([&] { Statement(m_database, "SAVEPOINT attempt").exec(); });
  try {
    step();
  } catch (...) {
    m_database.tryExec("ROLLBACK TO attempt; RELEASE attempt");  // fails where a full disk has ended it all
    m_id = id_before;
    if (m_whole && !id_before && !m_whole_had_id) m_whole->m_id.reset();  // its row is taken back too
    throw;
  }
  translated([&] { Statement(m_database, "RELEASE attempt").exec(); });
}

CustomerId SqliteOperation::add_customer(const CustomerData& customer, const std::optional<CustomerNumber>& number) {
  return translated([&] {
    refuse_erased(customer.email);
    const CustomerId customer_id = insert_customer(m_database, customer, number, at());
    record_created(m_database, id(), Entity::customer, customer_id.value, customer_id);
    return customer_id;
  });
}

void SqliteOperation::change_customer(CustomerId customer_id, const CustomerData& customer) {
  translated([&] {
    const Customer present = require_customer(customer_id);
    if (present.data == customer && reads_alike(present.data.email, customer.email)) return;
    if (present.data.email != customer.email) refuse_erased(customer.email);
    keep_before(m_database, id(), Entity::customer, customer_id.value);
    update_customer(m_database, present, customer, at());
  });
}

void SqliteOperation::archive_customer(CustomerId customer) {
  translated([&] {
    if (require_customer(customer).archived_at) return;
    keep_before(m_database, id(), Entity::customer, customer.value);
    set_archived(m_database, customer, at(), at());
  });
}

void SqliteOperation::unarchive_customer(CustomerId customer) {
  translated([&] {
    if (!require_customer(customer).archived_at) return;
    keep_before(m_database, id(), Entity::customer, customer.value);
    set_archived(m_database, customer, std::nullopt, at());
  });
}

void SqliteOperation::delete_customer(CustomerId customer) {
  translated([&] {
    require_customer(customer);
    keep_before(m_database, id(), Entity::customer, customer.value);
    for (const ContactId contact : contacts_of(m_database, customer)) delete_contact(contact);
    sqlite::delete_customer(m_database, customer);
  });
}

void SqliteOperation::delete_merged_customer(CustomerId customer, CustomerId into) {
  translated([&] {
    keep_before(m_database, id(), Entity::customer, customer.value);  // with what was merged into it before
    insert_merged_customer(m_database, customer, into);
    delete_customer(customer);
  });
}

ContactId SqliteOperation::add_contact(CustomerId customer, const ContactData& contact) {
  return translated([&] {
    refuse_erased(contact.email);
    give_up_primary(customer, std::nullopt, contact);
    ContactData data = contact;
    data.primary = data.primary || lacks_contacts(m_database, customer);
    const ContactId contact_id = insert_contact(m_database, customer, data, at());
    record_created(m_database, id(), Entity::contact, contact_id.value, customer);
    return contact_id;
  });
}

void SqliteOperation::change_contact(ContactId contact_id, const ContactData& contact) {
  translated([&] {
    const Contact present = require_contact(contact_id);
    give_up_primary(present.customer, contact_id, contact);
    if (present.data == contact && reads_alike(present.data.email, contact.email)) return;
    if (present.data.email != contact.email) refuse_erased(contact.email);
    keep_before(m_database, id(), Entity::contact, contact_id.value);
    update_contact(m_database, present, contact, at());
  });
}

void SqliteOperation::move_contact(ContactId contact_id, CustomerId customer) {
  translated([&] {
    const Contact present = require_contact(contact_id);
    keep_before(m_database, id(), Entity::contact, contact_id.value);
    sqlite::move_contact(m_database, present, customer, at());
  });
}

void SqliteOperation::move_logins(ContactId from, ContactId to) {
  translated([&] {
    keep_before(m_database, id(), Entity::contact, from.value);
    keep_history(m_database, id(), from);
    sqlite::move_logins(m_database, from, to);
  });
}

void SqliteOperation::delete_contact(ContactId contact_id) {
  translated([&] {
    require_contact(contact_id);
    keep_before(m_database, id(), Entity::contact, contact_id.value);
    cancel_welcome(contact_id);
    keep_history(m_database, id(), contact_id);
    sqlite::delete_contact(m_database, contact_id);
  });
}

ModuleId SqliteOperation::add_module(const Module& module) {
  return translated([&] {
    const ModuleId module_id = insert_module(m_database, module);
    record_range_created(m_database, id(), Entity::module, module_id.value, module_id.value);
    return module_id;
  });
}

void SqliteOperation::change_module(const Module& module) {
  translated([&] {
    const auto present = select_modules(m_database);
    if (std::ranges::find(present, module) != present.end()) return;
    keep_before(m_database, id(), Entity::module, module.id.value);
    update_module(m_database, module);
  });
}

void SqliteOperation::delete_module(ModuleId module) {
  translated([&] {
    keep_before(m_database, id(), Entity::module, module.value);
    sqlite::delete_module(m_database, module);
  });
}

EnteredRecords SqliteOperation::add_staged(ImportStage& stage) {
  return translated([&] {
    auto& own = static_cast<SqliteImportStage&>(stage);  // only a store of this kind makes stages for it
    if (!own.has_entries()) return EnteredRecords{};
    return own.enter(id());
  });
}

std::optional<LoginLink> SqliteOperation::live_link(ContactId contact) {
  return translated([&] { return select_live_link(m_database, contact); });
}

std::int64_t SqliteOperation::next_generation(ContactId contact) {
  return translated([&] { return sqlite::next_generation(m_database, contact); });
}

void SqliteOperation::add_link(const LoginLink& link, LinkEnd older_end_by) {
  translated([&] {
    sqlite::end_link(m_database, link.contact, older_end_by, at());
    insert_link(m_database, link, at());
  });
}

void SqliteOperation::end_link(ContactId contact, LinkEnd why) {
  translated([&] {
    if (sqlite::end_link(m_database, contact, why, at())) id();
  });
}

void SqliteOperation::each_live_link(const std::function<void(const LoginLink&)>& visit) {
  std::vector<ContactId> contacts;
  translated([&] { contacts = contacts_with_live_link(m_database); });
  for (const ContactId contact : contacts) visit(*live_link(contact));
}

void SqliteOperation::add_open_link(const LoginLink& link) {
  translated([&] { insert_open_link(m_database, link, id()); });
}

void SqliteOperation::end_all_links(LinkEnd why) {
  translated([&] {
    if (sqlite::end_all_links(m_database, why, at()) > 0) id();
  });
}

std::optional<Welcome> SqliteOperation::pending_welcome(ContactId contact) {
  return translated([&] { return select_pending_welcome(m_database, contact, at()); });
}

WelcomeId SqliteOperation::queue_welcome(const NewWelcome& welcome) {
  return translated([&] {
    const Contact contact = require_contact(welcome.contact);
    const WelcomeId welcome_id = insert_welcome(m_database, welcome, id(), at());
    record_created(m_database, id(), Entity::welcome, welcome_id.value, contact.customer);
    return welcome_id;
  });
}

void SqliteOperation::requeue_welcome(WelcomeId welcome) {
  translated([&] {
    keep_before(m_database, id(), Entity::welcome, welcome.value);
    sqlite::requeue_welcome(m_database, welcome, at());
  });
}

bool SqliteOperation::cancel_welcome(ContactId contact) {
  return translated([&] {
    const auto stoppable = select_cancellable(m_database, contact);
    if (!stoppable) return false;
    keep_before(m_database, id(), Entity::welcome, stoppable->value);
    return sqlite::cancel_welcome(m_database, contact, at());
  });
}

std::unique_ptr<Operation> SqliteOperation::begin_part(const OperationContext& context, OperationMode mode) {
  return translated([&] { return std::make_unique<SqliteOperation>(*this, context, mode); });
}

std::optional<OperationId> SqliteOperation::commit() {
  return translated([&] {
    const bool keeps = m_mode == OperationMode::keep && m_id;
    if (m_whole && keeps) {
      m_database.exec("RELEASE part");
      m_whole = nullptr;
    } else if (m_transaction && keeps) {
      m_transaction->commit();
    } else if (m_transaction) {
      m_transaction->rollback();
    }
    abandon_part();
    return m_id;
  });
}

Saved SqliteOperation::is_saved() noexcept {
  if (!m_transaction) return Saved::no;  // a part stands or falls with its whole
  m_transaction->rollback();
  if (m_path.empty() || !m_id) return Saved::no;
  return read_back(m_path, [this](Connection& database) { return has_operation(database, *m_id, m_context); });
}

}  // namespace kundehub::sqlite
