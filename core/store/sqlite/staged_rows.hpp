#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/contact.hpp"
#include "core/model/module.hpp"
#include "core/store/import_stage.hpp"
#include "core/store/sqlite/connection.hpp"

/// The tables of a stage: `staging.customer`, `contact`, `customer_tag` and `customer_module` have the columns of the
/// real ones, so that their rows can be copied as they are. A customer without a number has `?` and its id instead.
namespace kundehub::sqlite {

/// Attaches an empty temporary database as `staging`.
void attach_staging(Connection& database);

/// Takes it away with all that is in it. No transaction may be open.
void detach_staging(Connection& database) noexcept;

/// Makes an index of the real database in the stage too, unless it is there. False if it is a unique one and the rows
/// do not allow it.
bool make_staging_index(Connection& database, const std::string& name);

/// Writes rows as fast as SQLite takes them: several with one statement. Between `BEGIN` and `COMMIT`.
class StagedRowWriter {
 public:
  StagedRowWriter(Connection& database, Time at);

  void add_customer(StagedId id, const StagedCustomer& customer);
  void add_contact(std::int64_t id, StagedId customer, const ContactData& contact);

  /// Writes what was held back. Must be called once, at the end.
  void flush();

 private:
  static constexpr std::size_t rows_at_once = 8, rows_waiting = 64;

  struct WaitingCustomer {
    std::int64_t id = 0;
    std::string number, email_key;
    CustomerData data;
  };
  struct WaitingContact {
    std::int64_t id = 0, customer = 0;
    std::string email_key;
    ContactData data;
  };

  void write_customers(Statement& statement, std::size_t first, std::size_t count);
  void write_contacts(Statement& statement, std::size_t first, std::size_t count);
  void write_tags_and_modules(const WaitingCustomer& customer);

  std::int64_t m_at;
  std::vector<Module> m_modules;
  Statement m_customer, m_customers, m_contact, m_contacts, m_tag, m_module;
  // Reused, so that their texts need no new memory; the first so many are filled.
  std::vector<WaitingCustomer> m_waiting_customers;
  std::vector<WaitingContact> m_waiting_contacts;
  std::size_t m_customers_waiting = 0, m_contacts_waiting = 0;
};

/// Rows of two numbers, read to the end, so that the tables may be changed while they are worked off.
std::vector<std::pair<std::int64_t, std::int64_t>> read_pairs(Statement statement);

/// As it was staged, but for its place and marks: a contact has its own id there instead.
StagedCustomer read_staged_customer(Connection& database, StagedId id);

}  // namespace kundehub::sqlite
