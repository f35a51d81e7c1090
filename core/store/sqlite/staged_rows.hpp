#pragma once

#include <cstdint>
#include <optional>
#include <string>
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

/// Makes an index of the real database in the stage too. False if it is a unique one and the rows do not allow it.
bool make_staging_index(Connection& database, const std::string& name);

/// Writes rows as fast as SQLite takes them. Between `BEGIN` and `COMMIT`.
class StagedRowWriter {
 public:
  StagedRowWriter(Connection& database, Time at);

  void add_customer(StagedId id, const StagedCustomer& customer);
  void add_contact(std::int64_t id, StagedId customer, const ContactData& contact);

 private:
  void bind_text(Statement& statement, int index, const std::string& text);

  std::int64_t m_at;
  std::vector<Module> m_modules;
  Statement m_customer, m_contact, m_tag, m_module;
  std::string m_number, m_email_key;  ///< bound without a copy, so they live longer than the call
};

/// As it was staged, but for its place and marks: a contact has its own id there instead.
StagedCustomer read_staged_customer(Connection& database, StagedId id);

}  // namespace kundehub::sqlite
