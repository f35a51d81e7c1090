#pragma once

#include <optional>

#include "core/store/operation.hpp"
#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/operation_rows.hpp"
#include "core/store/sqlite/write_transaction.hpp"
#include "core/store/store.hpp"

namespace kundehub::sqlite {

/// One operation as one transaction.
class SqliteOperation final : public Operation {
 public:
  SqliteOperation(Connection& database, const std::filesystem::path& path, std::unique_ptr<FileLock> turn,
                  OperationContext context, OperationMode mode);

  [[nodiscard]] Time at() const override { return m_context.at; }
  CustomerId add_customer(const CustomerData& customer, const std::optional<CustomerNumber>& number) override;
  void change_customer(CustomerId id, const CustomerData& customer) override;
  ContactId add_contact(CustomerId customer, const ContactData& contact) override;
  void change_contact(ContactId id, const ContactData& contact) override;
  void delete_contact(ContactId id) override;
  EnteredRecords add_staged(ImportStage& stage) override;
  std::optional<LoginLink> live_link(ContactId contact) override;
  std::int64_t next_generation(ContactId contact) override;
  void add_link(const LoginLink& link, LinkEnd older_end_by) override;
  void end_link(ContactId contact, LinkEnd why) override;
  void end_all_links(LinkEnd why) override;
  std::optional<Welcome> pending_welcome(ContactId contact) override;
  WelcomeId queue_welcome(const NewWelcome& welcome) override;
  void requeue_welcome(WelcomeId id) override;
  bool cancel_welcome(ContactId contact) override;
  std::optional<OperationId> commit() override;
  bool is_saved() noexcept override;

 private:
  /// The operation's own row, made with its first change.
  OperationId id();
  Contact require_contact(ContactId contact);
  /// Takes the primary mark from the contact that has it, if `contact` claims it.
  void give_up_primary(CustomerId customer, std::optional<ContactId> heir, const ContactData& contact);

  Connection& m_database;
  std::filesystem::path m_path;
  OperationContext m_context;
  OperationMode m_mode;
  WriteTransaction m_transaction;
  std::optional<OperationId> m_id;
};

}  // namespace kundehub::sqlite
