#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/store/sqlite/connection.hpp"
#include "core/store/sqlite/record_images.hpp"

namespace kundehub::sqlite {

using RecordImage = nlohmann::json;

/// Reads images as an admin knows the records: fields by the names of the command line, modules by their keys, contacts
/// by their customer's number.
class RecordFields {
 public:
  explicit RecordFields(Connection& database) : m_database(database) {}

  /// In the order of a record's page; absent values are empty text. Of an absent image (null) none.
  std::vector<std::pair<std::string, std::string>> fields(Entity entity, const RecordImage& image);

  /// As commands take it: `1001`, `contact:3`, `projects`; of a mail its contact's.
  static std::string ref(Entity entity, std::int64_t id, const RecordImage& image);

  /// Whom or what it is.
  static std::string name(Entity entity, const RecordImage& image);

 private:
  /// Which modules a contact is limited to; `none` if those are all deleted. Empty: not limited.
  std::string limits(const RecordImage& contact);
  std::string module_keys(const RecordImage& ids);
  const std::string& module_key(std::int64_t id);
  std::string customer_number(std::int64_t id);

  Connection& m_database;
  std::map<std::int64_t, std::string> m_module_keys;
};

}  // namespace kundehub::sqlite
