#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/file_lock.hpp"
#include "core/store/sqlite/welcome_queue_rows.hpp"
#include "core/store/store.hpp"

namespace kundehub::sqlite {

/// What the caller is about to do first: a writer takes its place in the queue before the database is opened; who only
/// glances waits for nobody, and can change nothing.
enum class Access { read, write, glance };

/// The store in one SQLite file, with `<file>.write` and `<file>.send` as locks beside it; or in memory.
class SqliteStore final : public Store {
 public:
  /// Throws as open_database, and Error{temporary} if other writers are busy for 60 s.
  SqliteStore(const std::filesystem::path& path, Access access);

  /// In memory, for tests.
  SqliteStore();

  std::vector<CustomerId> find_customers(const CustomerSelector& selector) override;
  std::optional<CustomerId> merged_into(const CustomerNumber& number) override;
  std::optional<Customer> customer(CustomerId id) override;
  void each_customer(const CustomerFilter& filter, const CustomerPage& page, Time now,
                     const std::function<void(const CustomerOverview&)>& visit) override;
  void each_customer_text(const CustomerFilter& filter, ContactsToo contacts, Time now,
                          const std::function<void(const CustomerText&)>& visit) override;
  void each_search_text(const std::vector<CustomerId>& customers,
                        const std::function<void(const SearchText&)>& visit) override;
  void find_search_texts(const std::function<bool(std::string_view)>& may_match,
                         const std::function<void(const SearchText&)>& visit) override;
  std::vector<ContactId> find_contacts(const ContactSelector& selector, std::optional<CustomerId> customer) override;
  std::optional<ContactOverview> contact(ContactId id, Time now) override;
  void each_contact(const CustomerFilter& filter, Time now,
                    const std::function<void(const ContactOverview&)>& visit) override;
  std::vector<KnownName> find_names(const NameQuery& query) override;
  std::vector<Module> modules() override;
  void each_operation(const OperationFilter& filter, std::optional<std::int64_t> limit,
                      const std::function<void(const OperationEntry&)>& visit) override;
  std::optional<OperationEntry> operation(OperationId id) override;
  std::optional<OperationId> undoable_operation(const std::string& actor, std::optional<OperationId> before) override;
  void each_change(OperationId id, const std::function<void(const RecordChange&)>& visit) override;
  std::vector<CustomerId> find_deleted_customers(const CustomerNumber& number) override;
  void each_person_record(const EmailAddress& email, const std::function<void(const PersonRecord&)>& visit) override;
  void know_erased(AddressHasher hasher) override { m_hasher = std::move(hasher); }
  std::int64_t erased_count() override;
  std::vector<std::string> returned_addresses() override;
  std::vector<Welcome> welcomes_of(ContactId contact, Time now) override;
  void each_login(const LoginFilter& filter, std::optional<std::int64_t> limit,
                  const std::function<void(const Login&)>& visit) override;
  std::unique_ptr<PortalChange> begin_portal_change() override;
  std::optional<Welcome> welcome(WelcomeId id, Time now) override;
  std::vector<WelcomeTry> tries_of(WelcomeId id) override;
  std::unique_ptr<ImportStage> open_import_stage(Time at) override;
  std::unique_ptr<Operation> begin_operation(const OperationContext& context, OperationMode mode) override;
  WelcomeQueue& welcome_queue() override;
  std::unique_ptr<DeliveryLease> try_delivery_lease(std::chrono::seconds wait) override;
  std::optional<std::chrono::seconds> delivery_idle() override;

  /// For tests that look at, or prepare, rows.
  Connection& database() { return m_database; }

 private:
  /// Where further connections find what this one sees; nowhere in memory, and while a change is under way.
  [[nodiscard]] std::filesystem::path path_for_readers() const;

  std::filesystem::path m_path;  ///< real path; empty: in memory
  std::unique_ptr<FileLock> m_write_lock;
  AddressHasher m_hasher;
  Connection m_database;
  WelcomeQueueRows m_queue;
};

}  // namespace kundehub::sqlite
