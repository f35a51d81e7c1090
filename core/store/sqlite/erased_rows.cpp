#include "core/store/sqlite/erased_rows.hpp"

#include <fmt/format.h>

#include "core/store/sqlite/values.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {

void insert_erased(Connection& database, const AddressHash& hash, OperationId operation) {
  Statement statement(database,
                      "INSERT OR REPLACE INTO erased_address (hash, operation_id) VALUES (:hash, :operation)");
  statement.bind(":hash", hash.data(), static_cast<int>(hash.size()));
  statement.bind(":operation", operation.value);
  statement.exec();
}

bool delete_erased(Connection& database, const AddressHash& hash) {
  Statement statement(database, "DELETE FROM erased_address WHERE hash = :hash");
  statement.bind(":hash", hash.data(), static_cast<int>(hash.size()));
  return statement.exec() > 0;
}

std::optional<Time> select_erased(Connection& database, const AddressHash& hash) {
  Statement statement(database,
                      "SELECT at FROM erased_address JOIN operation ON operation.id = operation_id WHERE hash = :hash");
  statement.bind(":hash", hash.data(), static_cast<int>(hash.size()));
  if (!statement.executeStep()) return std::nullopt;
  return read_time(statement.getColumn(0));
}

bool has_erased(Connection& database) {
  Statement statement(database, "SELECT 1 FROM erased_address LIMIT 1");
  return statement.executeStep();
}

std::optional<Error> refusal_of_erased(Connection& database, const AddressHasher& hasher,
                                       const std::string& email_key) {
  const auto erased = select_erased(database, hasher(email_key));
  if (!erased) return std::nullopt;
  return Error(
      ErrorKind::conflict,
      tr("the data of {} was erased on request on {}: the address is not taken again", email_key, to_rfc3339(*erased)),
      tr("if the person wants it: kundehub person erase {} --forget", text::shell_word(email_key)));
}

std::vector<std::string> select_returned(Connection& database, const AddressHasher& hasher) {
  constexpr const char* select_addresses = R"sql(
    SELECT email_key FROM contact WHERE email_key IS NOT NULL
    UNION SELECT email_key FROM customer WHERE email_key IS NOT NULL
  )sql";
  std::vector<std::string> returned;
  if (!hasher || !has_erased(database)) return returned;
  for (Statement statement(database, select_addresses); statement.executeStep();) {
    const std::string key = statement.getColumn(0).getString();
    if (select_erased(database, hasher(key))) returned.push_back(key);
  }
  return returned;
}

}  // namespace kundehub::sqlite
