#include "core/store/sqlite/sqlite_maintenance.hpp"

#include <sys/stat.h>

#include <set>
#include <string>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/backup.hpp"
#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/migration.hpp"
#include "core/store/sqlite/rule_rows.hpp"
#include "core/store/sqlite/sqlite_restore.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/store/sqlite/write_transaction.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

using Visit = std::function<void(const RuleBreach&)>;

constexpr const char* from_backup = "kundehub db restore FILE";

constexpr const char* select_status = R"sql(
  SELECT (SELECT count(*) FROM customer), (SELECT count(*) FROM contact), (SELECT count(*) FROM operation),
    (SELECT count(*) FROM welcome WHERE state IN ('queued', 'sending', 'deferred', 'uncertain')),
    (SELECT at FROM operation ORDER BY id DESC LIMIT 1)
)sql";

int schema_of(Connection& database) {
  return database.execAndGet("PRAGMA user_version").getInt();
}

void check_mode(const std::filesystem::path& file, const Visit& visit) {
  struct stat info {};
  if (stat(file.c_str(), &info) != 0 || (info.st_mode & S_IRWXO) == 0) return;
  visit({"mode", "", tr("{} can be read by every user of this machine", text::quoted(file.native())),
         fmt::format("chmod o= {}", text::shell_word(file.native()))});
}

/// False if the rest cannot be looked at.
bool check_integrity(Connection& database, const Visit& visit) {
  SQLite::Statement statement(database, "PRAGMA integrity_check");
  bool is_sound = true;
  while (statement.executeStep()) {
    const std::string text = statement.getColumn(0).getString();
    if (text == "ok") continue;
    is_sound = false;
    visit({"integrity", "", text, from_backup});
  }
  return is_sound;
}

void check_references(Connection& database, const Visit& visit) {
  SQLite::Statement statement(database, "PRAGMA foreign_key_check");
  while (statement.executeStep()) {
    visit({"references", "",
           tr("a row of {} refers to a {} that is not there", statement.getColumn(0).getString(),
              statement.getColumn(2).getString()),
           from_backup});
  }
}

std::set<std::string> schema_objects(Connection& database) {
  SQLite::Statement statement(database,
                              "SELECT type || ' ' || name || ': ' || sql FROM sqlite_schema WHERE sql IS NOT NULL");
  std::set<std::string> objects;
  while (statement.executeStep()) objects.insert(statement.getColumn(0).getString());
  return objects;
}

/// What is there already must be a backup: anything else would be lost.
void check_target(const std::filesystem::path& file, const std::filesystem::path& database) {
  std::error_code error;
  if (std::filesystem::equivalent(file, database, error)) {
    throw Error(ErrorKind::conflict, tr("{} is the database itself", text::quoted(file.native())),
                tr("name another file for the backup"));
  }
  if (!std::filesystem::exists(std::filesystem::symlink_status(file, error))) return;
  for (const char* beside : {".key", ".write", ".send"}) {
    if (!std::filesystem::exists(file.native() + beside, error)) continue;
    throw Error(ErrorKind::conflict, tr("{} is a database that is worked with", text::quoted(file.native())),
                tr("name another file for the backup"));
  }
  try {
    open_any_schema(file);
  } catch (const Error&) {
    throw Error(ErrorKind::conflict, tr("{} is there and is no backup", text::quoted(file.native())),
                tr("name another file, or move that one away"));
  }
}

}  // namespace

void check_schema_objects(Connection& database, const Visit& visit) {
  Connection model = open_memory_database();
  const auto wanted = schema_objects(model), found = schema_objects(database);
  const auto tell = [&](const std::string& object, const std::string& what) {
    visit({"schema", "", fmt::format("{} {}", object.substr(0, object.find(':')), what), from_backup});
  };
  for (const std::string& object : wanted) {
    if (!found.contains(object)) tell(object, tr("is missing or has been altered"));
  }
  for (const std::string& object : found) {
    if (!wanted.contains(object)) tell(object, tr("is not kundehub's, or has been altered"));
  }
}

SqliteMaintenance::SqliteMaintenance(const std::filesystem::path& file) : m_file(real_path(file)) {}

StoreStatus read_status(Connection& database, const std::filesystem::path& file) {
  StoreStatus status{.file = file, .schema = schema_of(database), .newest_schema = newest_schema()};
  status.bytes =
      database.execAndGet("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").getInt64();
  SQLite::Statement statement(database, select_status);
  statement.executeStep();
  status.customers = statement.getColumn(0).getInt64();
  status.contacts = statement.getColumn(1).getInt64();
  status.operations = statement.getColumn(2).getInt64();
  status.waiting_mails = statement.getColumn(3).getInt64();
  status.last_operation_at = read_optional_time(statement.getColumn(4));
  return status;
}

StoreStatus SqliteMaintenance::status() {
  return translated([&] {
    Connection database = open_any_schema(m_file);
    return read_status(database, m_file);
  });
}

void SqliteMaintenance::check(const Visit& visit) {
  translated([&] {
    Connection database = open_any_schema(m_file);
    check_mode(m_file, visit);
    if (!check_integrity(database, visit)) return;
    check_references(database, visit);
    if (schema_of(database) < newest_schema()) {
      visit({"schema", "",
             tr("the database has schema {}, and this kundehub needs {}", schema_of(database), newest_schema()),
             "kundehub db migrate"});
      return;
    }
    check_schema_objects(database, visit);
    each_breach(database, "TRUE", visit);
    each_loose_breach(database, visit);
  });
}

std::optional<StoreUpgrade> SqliteMaintenance::migrate() {
  const StoreStatus before = status();
  if (before.schema == before.newest_schema) return std::nullopt;
  StoreUpgrade upgrade{
      .from = before.schema, .to = before.newest_schema, .copy = copy_before_upgrade(m_file, before.schema)};
  try {
    if (create_database(m_file) != DatabaseState::upgraded) return std::nullopt;
  } catch (const Error& error) {
    const Saved saved = read_back(m_file, [](Connection& database) { return schema_of(database) == newest_schema(); });
    if (saved == Saved::no) throw;
    upgrade.trouble = trouble_behind(saved, error.what());
  }
  return upgrade;
}

StoreStatus SqliteMaintenance::back_up(const std::filesystem::path& file) {
  return translated([&] {
    Connection database = open_any_schema(m_file);
    check_target(file, m_file);
    sqlite::back_up(database, file);
    Connection copy = open_any_schema(file);
    return read_status(copy, file);
  });
}

std::unique_ptr<StoreRestore> SqliteMaintenance::prepare_restore(const std::filesystem::path& backup,
                                                                 const OperationContext& context) {
  return translated([&] { return std::make_unique<SqliteRestore>(m_file, backup, context); });
}

}  // namespace kundehub::sqlite
