#pragma once

#include "core/store/redemption.hpp"
#include "core/store/sqlite/write_transaction.hpp"

namespace kundehub::sqlite {

class SqliteRedemption final : public Redemption {
 public:
  /// `turn`: the turn to write, if the caller has it already.
  SqliteRedemption(Connection& database, const std::filesystem::path& path, std::unique_ptr<FileLock> turn);

  int failures(const std::string& source, Time at) override;
  void count_failure(const std::string& source, Time at) override;
  std::optional<IssuedLink> find(const std::array<unsigned char, 32>& token_hash) override;
  void use(const IssuedLink& link, const Login& login) override;
  void expire(const IssuedLink& link, Time at) override;
  void commit() override;

 private:
  Connection& m_database;
  WriteTransaction m_transaction;
};

}  // namespace kundehub::sqlite
