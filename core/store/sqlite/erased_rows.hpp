#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/error.hpp"
#include "core/model/ids.hpp"
#include "core/model/person_record.hpp"
#include "core/model/time.hpp"
#include "core/store/sqlite/connection.hpp"

/// Addresses whose persons were erased (GDPR, article 17): kept as hashes, so that they are known if they come back.
/// Functions run inside the caller's transaction.
namespace kundehub::sqlite {

/// Keeps the address's hash.
void insert_erased(Connection& database, const AddressHash& hash, OperationId operation);

/// False if it was not there.
bool delete_erased(Connection& database, const AddressHash& hash);

/// When it was erased; absent if it was not.
std::optional<Time> select_erased(Connection& database, const AddressHash& hash);
bool has_erased(Connection& database);

/// Why the address is not taken, Error{conflict}. Absent if it is. Does not look whether there is a hasher.
std::optional<Error> refusal_of_erased(Connection& database, const AddressHasher& hasher, const std::string& email_key);

/// Every erased address that contacts and customers have all the same, as they are compared.
std::vector<std::string> select_returned(Connection& database, const AddressHasher& hasher);

}  // namespace kundehub::sqlite
