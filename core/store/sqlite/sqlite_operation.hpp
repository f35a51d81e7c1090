#pragma once

#include <optional>

#include "core/store/operation.hpp"
#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/operation_rows.hpp"
#include "core/store/sqlite/write_transaction.hpp"
#include "core/store/store.hpp"

namespace kundehub::sqlite {

/// One operation as one transaction, or a part of one as a savepoint.
class SqliteOperation final : public Operation {
 public:
  SqliteOperation(Connection& database, const std::filesystem::path& path, std::unique_ptr<FileLock> turn,
                  OperationContext context, OperationMode mode, AddressHasher hasher = {});

  /// A part of `whole`, which has to outlive it.
  SqliteOperation(SqliteOperation& whole, OperationContext context, OperationMode mode);
  ~SqliteOperation() override;
  SqliteOperation(const SqliteOperation&) = delete;
  SqliteOperation& operator=(const SqliteOperation&) = delete;

  [[nodiscard]] Time at() const override { return m_context.at; }
  void attempt(const std::function<void()>& step) override;
  CustomerId add_customer(const CustomerData& customer, const std::optional<CustomerNumber>& number) override;
  void change_customer(CustomerId id, const CustomerData& customer) override;
  void archive_customer(CustomerId id) override;
  void unarchive_customer(CustomerId id) override;
  void delete_customer(CustomerId id) override;
  void delete_merged_customer(CustomerId id, CustomerId into) override;
  ContactId add_contact(CustomerId customer, const ContactData& contact) override;
  void change_contact(ContactId id, const ContactData& contact) override;
  void move_contact(ContactId id, CustomerId customer) override;
  void move_logins(ContactId from, ContactId to) override;
  void delete_contact(ContactId id) override;
  EnteredRecords add_staged(ImportStage& stage) override;
  ModuleId add_module(const Module& module) override;
  void change_module(const Module& module) override;
  void delete_module(ModuleId id) override;
  std::optional<LoginLink> live_link(ContactId contact) override;
  std::int64_t next_generation(ContactId contact) override;
  void add_link(const LoginLink& link, LinkEnd older_end_by) override;
  void end_link(ContactId contact, LinkEnd why) override;
  void each_live_link(const std::function<void(const LoginLink&)>& visit) override;
  void add_open_link(const LoginLink& link) override;
  void end_all_links(LinkEnd why) override;
  std::optional<Welcome> pending_welcome(ContactId contact) override;
  WelcomeId queue_welcome(const NewWelcome& welcome) override;
  void requeue_welcome(WelcomeId id) override;
  bool cancel_welcome(ContactId contact) override;
  UndoResult undo(OperationId undone, ConflictPolicy policy) override;
  PersonErasure erase_person(const EmailAddress& email, const AddressHash& hash) override;
  bool forget_erasure(const AddressHash& hash) override;
  std::unique_ptr<Operation> begin_part(const OperationContext& context, OperationMode mode) override;
  std::optional<OperationId> commit() override;
  Saved is_saved() noexcept override;

 private:
  /// The operation's own row, made with its first change.
  OperationId id();
  /// Throws Error{conflict} if an undo has left a customer as no command leaves one.
  void check_rules(OperationId undone);
  /// A business whose primary contact has gone gets another one.
  void appoint_primary(CustomerId customer);
  /// Throws Error{conflict} if the address is that of an erased person.
  void refuse_erased(const std::optional<EmailAddress>& email);
  Customer require_customer(CustomerId customer);
  Contact require_contact(ContactId contact);
  /// Of a part: takes back what it did, unless it was made part of the whole.
  void abandon_part() noexcept;
  /// Takes the primary mark from the contact that has it, if `contact` claims it.
  void give_up_primary(CustomerId customer, std::optional<ContactId> heir, const ContactData& contact);

  Connection& m_database;
  std::filesystem::path m_path;
  OperationContext m_context;
  OperationMode m_mode;
  AddressHasher m_hasher;
  SqliteOperation* m_whole = nullptr;             ///< of a part that has not ended
  bool m_whole_had_id = false;                    ///< when the part began
  std::optional<WriteTransaction> m_transaction;  ///< of a whole
  std::optional<OperationId> m_id;
};

}  // namespace kundehub::sqlite
