#include "core/store/sqlite/sqlite_store.hpp"

#include <sys/stat.h>

#include <ctime>

#include <sqlite3.h>

#include "core/store/sqlite/change_rows.hpp"
#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/contact_rows.hpp"
#include "core/store/sqlite/customer_rows.hpp"
#include "core/store/sqlite/customer_text_rows.hpp"
#include "core/store/sqlite/erased_rows.hpp"
#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/login_rows.hpp"
#include "core/store/sqlite/module_rows.hpp"
#include "core/store/sqlite/name_rows.hpp"
#include "core/store/sqlite/operation_rows.hpp"
#include "core/store/sqlite/overview_rows.hpp"
#include "core/store/sqlite/person_rows.hpp"
#include "core/store/sqlite/search_rows.hpp"
#include "core/store/sqlite/sqlite_import_stage.hpp"
#include "core/store/sqlite/sqlite_operation.hpp"
#include "core/store/sqlite/sqlite_portal_change.hpp"
#include "core/store/sqlite/undo_rows.hpp"
#include "core/store/sqlite/welcome_rows.hpp"
#include "core/store/sqlite/write_transaction.hpp"

namespace kundehub::sqlite {
namespace {

class FileLease final : public DeliveryLease {
 public:
  explicit FileLease(std::unique_ptr<FileLock> lock) : m_lock(std::move(lock)) { touch(); }
  void touch() noexcept override { m_lock->touch(); }

 private:
  std::unique_ptr<FileLock> m_lock;
};

/// One process alone has a database in memory.
class NoLease final : public DeliveryLease {
 public:
  void touch() noexcept override {}
};

std::unique_ptr<FileLock> first_turn(const std::filesystem::path& path, Access access) {
  const bool there = std::filesystem::is_regular_file(path);
  return access == Access::write && there ? wait_for_turn(path) : nullptr;
}

std::filesystem::path send_lock(std::filesystem::path path) {
  return path += ".send";
}

}  // namespace

SqliteStore::SqliteStore(const std::filesystem::path& path, Access access)
    : m_path(real_path(path)),
      m_write_lock(first_turn(m_path, access)),
      m_database(access == Access::glance ? open_for_a_glance(m_path) : open_database(m_path)),
      m_queue(m_database, m_path) {}

SqliteStore::SqliteStore() : m_database(open_memory_database()), m_queue(m_database, {}) {}

std::filesystem::path SqliteStore::path_for_readers() const {
  return sqlite3_get_autocommit(m_database.getHandle()) != 0 ? m_path : std::filesystem::path();
}

std::vector<CustomerId> SqliteStore::find_customers(const CustomerSelector& selector) {
  return translated([&] { return sqlite::find_customers(m_database, selector); });
}

std::optional<CustomerId> SqliteStore::merged_into(const CustomerNumber& number) {
  return translated([&] { return select_merged_into(m_database, number); });
}

std::optional<Customer> SqliteStore::customer(CustomerId id) {
  return translated([&] { return select_customer(m_database, id); });
}

void SqliteStore::each_customer(const CustomerFilter& filter, const CustomerPage& page, Time now,
                                const std::function<void(const CustomerOverview&)>& visit) {
  translated([&] { sqlite::each_customer(m_database, filter, page, now, visit); });
}

void SqliteStore::each_customer_text(const CustomerFilter& filter, ContactsToo contacts, Time now,
                                     const std::function<void(const CustomerText&)>& visit) {
  translated([&] { sqlite::each_customer_text(m_database, path_for_readers(), filter, contacts, now, visit); });
}

void SqliteStore::each_search_text(const std::vector<CustomerId>& customers,
                                   const std::function<void(const SearchText&)>& visit) {
  translated([&] { sqlite::each_search_text(m_database, customers, visit); });
}

void SqliteStore::find_search_texts(const std::function<bool(std::string_view)>& may_match,
                                    const std::function<void(const SearchText&)>& visit) {
  translated([&] { sqlite::find_search_texts(m_database, path_for_readers(), may_match, visit); });
}

std::vector<ContactId> SqliteStore::find_contacts(const ContactSelector& selector, std::optional<CustomerId> customer) {
  return translated([&] { return sqlite::find_contacts(m_database, selector, customer); });
}

std::optional<ContactOverview> SqliteStore::contact(ContactId id, Time now) {
  return translated([&] { return select_contact_overview(m_database, id, now); });
}

void SqliteStore::each_contact(const CustomerFilter& filter, Time now,
                               const std::function<void(const ContactOverview&)>& visit) {
  translated([&] { sqlite::each_contact(m_database, filter, now, visit); });
}

std::vector<KnownName> SqliteStore::find_names(const NameQuery& query) {
  return translated([&] { return select_names(m_database, query); });
}

std::vector<Module> SqliteStore::modules() {
  return translated([&] { return select_modules(m_database); });
}

void SqliteStore::each_operation(const OperationFilter& filter, std::optional<std::int64_t> limit,
                                 const std::function<void(const OperationEntry&)>& visit) {
  translated([&] { sqlite::each_operation(m_database, filter, limit, visit); });
}

std::optional<OperationEntry> SqliteStore::operation(OperationId id) {
  return translated([&] { return select_operation_entry(m_database, id); });
}

std::optional<OperationId> SqliteStore::undoable_operation(const std::string& actor,
                                                           std::optional<OperationId> before) {
  return translated([&] { return select_undoable(m_database, actor, before); });
}

void SqliteStore::each_change(OperationId id, const std::function<void(const RecordChange&)>& visit) {
  translated([&] { sqlite::each_change(m_database, id, visit); });
}

std::vector<CustomerId> SqliteStore::find_deleted_customers(const CustomerNumber& number) {
  return translated([&] { return sqlite::find_deleted_customers(m_database, number); });
}

void SqliteStore::each_person_record(const EmailAddress& email, const std::function<void(const PersonRecord&)>& visit) {
  translated([&] { sqlite::each_person_record(m_database, email, visit); });
}

std::int64_t SqliteStore::erased_count() {
  return translated([&] { return m_database.execAndGet("SELECT count(*) FROM erased_address").getInt64(); });
}

std::vector<std::string> SqliteStore::returned_addresses() {
  return translated([&] { return select_returned(m_database, m_hasher); });
}

std::vector<Welcome> SqliteStore::welcomes_of(ContactId contact, Time now) {
  return translated([&] { return select_welcomes_of(m_database, contact, now); });
}

void SqliteStore::each_login(const LoginFilter& filter, std::optional<std::int64_t> limit,
                             const std::function<void(const Login&)>& visit) {
  translated([&] { sqlite::each_login(m_database, filter, limit, visit); });
}

std::unique_ptr<PortalChange> SqliteStore::begin_portal_change() {
  return translated([&] { return std::make_unique<SqlitePortalChange>(m_database, m_path, std::move(m_write_lock)); });
}

std::optional<Welcome> SqliteStore::welcome(WelcomeId id, Time now) {
  return translated([&] { return select_welcome(m_database, id, now); });
}

std::vector<WelcomeTry> SqliteStore::tries_of(WelcomeId id) {
  return translated([&] { return select_tries(m_database, id); });
}

std::unique_ptr<ImportStage> SqliteStore::open_import_stage(Time at) {
  return translated([&] { return std::make_unique<SqliteImportStage>(m_database, at, m_hasher); });
}

std::unique_ptr<Operation> SqliteStore::begin_operation(const OperationContext& context, OperationMode mode) {
  return translated([&] {
    return std::make_unique<SqliteOperation>(m_database, m_path, std::move(m_write_lock), context, mode, m_hasher);
  });
}

WelcomeQueue& SqliteStore::welcome_queue() {
  return m_queue;
}

std::unique_ptr<DeliveryLease> SqliteStore::try_delivery_lease(std::chrono::seconds wait) {
  if (m_path.empty()) return std::make_unique<NoLease>();
  auto lock = FileLock::acquire(send_lock(m_path), wait);
  return lock ? std::make_unique<FileLease>(std::move(lock)) : nullptr;
}

std::optional<std::chrono::seconds> SqliteStore::delivery_idle() {
  struct stat info {};
  if (m_path.empty() || stat(send_lock(m_path).c_str(), &info) != 0) return std::nullopt;
  return std::chrono::seconds(std::time(nullptr) - info.st_mtime);
}

}  // namespace kundehub::sqlite
