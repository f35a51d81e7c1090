#include "core/store/sqlite/migration.hpp"

#include <charconv>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/embedded.hpp"
#include "core/store/sqlite/write_transaction.hpp"

namespace kundehub::sqlite {
namespace {

/// The number that a step's file begins with: 1 for `0001_initial.sql`; 0 for a file that is no step.
int step_number(std::string_view name) {
  int number = 0;
  if (name.ends_with(".sql")) std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

}  // namespace

int newest_schema() {
  int newest = 0;
  for (const EmbeddedFile& file : embedded_files()) newest = std::max(newest, step_number(file.name));
  return newest;
}

void migrate(Connection& database) {
  WriteTransaction transaction(database, {}, nullptr);  // the caller has the turn
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  for (const EmbeddedFile& file : embedded_files()) {
    if (step_number(file.name) > version) database.exec(std::string(file.content));
  }
  database.exec(fmt::format("PRAGMA application_id = {}", application_id));
  database.exec(fmt::format("PRAGMA user_version = {}", newest_schema()));
  transaction.commit();
}

}  // namespace kundehub::sqlite
