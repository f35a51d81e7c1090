#pragma once

#include "core/store/portal_change.hpp"
#include "core/store/sqlite/write_transaction.hpp"

namespace kundehub::sqlite {

class SqlitePortalChange final : public PortalChange {
 public:
  /// `turn`: the turn to write, if the caller has it already.
  SqlitePortalChange(Connection& database, const std::filesystem::path& path, std::unique_ptr<FileLock> turn);

  int failures(const std::string& source, Time at) override;
  void count_failure(const std::string& source, Time at) override;
  std::optional<IssuedLink> find(const std::array<unsigned char, 32>& token_hash) override;
  void use(const IssuedLink& link, const Login& login) override;
  void expire(const IssuedLink& link, Time at) override;
  void record_login(const Login& login) override;
  std::string commit() override;

 private:
  void forget_failures(Time at);

  Connection& m_database;
  std::filesystem::path m_path;
  WriteTransaction m_transaction;
  std::int64_t m_login = 0;  ///< the row of the login that is recorded
};

}  // namespace kundehub::sqlite
