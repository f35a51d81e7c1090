#include "core/store/sqlite/connection.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/backup.hpp"
#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/migration.hpp"
#include "core/store/sqlite/write_transaction.hpp"
#include "core/text/collation.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

/// A FIFO would hang the opening and a folder confuse it, so the file is looked at first. False if there is none.
bool exists_as_file(const std::filesystem::path& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return false;
    throw Error(errno == EACCES ? ErrorKind::permission : ErrorKind::config,
                tr("the database {} cannot be opened: {}", text::quoted(path.native()), std::strerror(errno)));
  }
  if (!S_ISREG(info.st_mode)) {
    throw Error(ErrorKind::config, tr("{} is no regular file, so it is no database", text::quoted(path.native())),
                tr("name the database with --db FILE"));
  }
  return true;
}

/// SQL: `danish_sort_key(text)`, as text::danish_sort_key.
void danish_sort_key(sqlite3_context* context, int, sqlite3_value** values) noexcept {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
  if (!text) return sqlite3_result_null(context);
  try {
    const std::string key = text::danish_sort_key({text, static_cast<std::size_t>(sqlite3_value_bytes(values[0]))});
    sqlite3_result_blob(context, key.data(), static_cast<int>(key.size()), SQLITE_TRANSIENT);
  } catch (const std::exception&) {
    sqlite3_result_error_nomem(context);
  }
}

void configure(Connection& database) {
  sqlite3* handle = database.getHandle();
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  sqlite3_create_function(handle, "danish_sort_key", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, nullptr,
                          danish_sort_key, nullptr, nullptr);
  database.exec("PRAGMA synchronous = EXTRA");
}

/// Once a process, before SQLite is first used. A command touches some forty pages and a dozen small caches beside
/// them: room for twenty pages at once in each of these costs more than it gives, and so does the count of what is
/// allocated.
void configure_library() {
  static const bool is_configured = [] {
    return sqlite3_config(SQLITE_CONFIG_PAGECACHE, nullptr, 0, 0) == SQLITE_OK &&
           sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
  }();
  static_cast<void>(is_configured);  // refused when another has used SQLite before; then it is as SQLite has it
}

Connection open_file(const std::filesystem::path& path, int mode = SQLite::OPEN_READWRITE,
                     std::chrono::milliseconds patience = usual_patience) {
  configure_library();
  Connection database(path.native(), mode | SQLite::OPEN_NOMUTEX, static_cast<int>(patience.count()));
  configure(database);
  return database;
}

int pragma(Connection& database, const char* name) {
  return database.execAndGet(fmt::format("PRAGMA {}", name)).getInt();
}

[[noreturn]] void refuse_foreign(const std::filesystem::path& path) {
  throw Error(ErrorKind::config, tr("{} is not a kundehub database", text::quoted(path.native())),
              tr("make one with kundehub init, or name it with --db FILE"));
}

/// The data of all customers is nobody else's business.
void check_mode(const std::filesystem::path& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0 || (info.st_mode & S_IRWXO) == 0) return;
  throw Error(ErrorKind::config,
              tr("the database {} can be read by every user of this machine", text::quoted(path.native())),
              fmt::format("chmod o= {}", text::shell_word(path.native())));
}

void check_not_newer(int version, const std::filesystem::path& path) {
  if (version <= newest_schema()) return;
  throw Error(ErrorKind::config,
              tr("the database {} has schema {}, and this kundehub knows only up to {}", text::quoted(path.native()),
                 version, newest_schema()),
              tr("use the newer kundehub that made it"));
}

void check_schema(Connection& database, const std::filesystem::path& path) {
  if (pragma(database, "application_id") != application_id) refuse_foreign(path);
  const int version = pragma(database, "user_version");
  check_not_newer(version, path);
  if (version < newest_schema()) {
    throw Error(ErrorKind::config,
                tr("the database {} has schema {}, and this kundehub needs {}", text::quoted(path.native()), version,
                   newest_schema()),
                "kundehub db migrate brings it up to date");
  }
}

void require_file(const std::filesystem::path& path) {
  if (exists_as_file(path)) return;
  throw Error(ErrorKind::config, tr("there is no database {}", text::quoted(path.native())),
              tr("make one with kundehub init, or name it with --db FILE"));
}

/// Of any schema that this program knows.
void check_kind(Connection& database, const std::filesystem::path& path) {
  if (pragma(database, "application_id") != application_id) refuse_foreign(path);
  check_not_newer(pragma(database, "user_version"), path);
}

/// True if it was made: another may have been faster.
bool create_file(const std::filesystem::path& path) {
  if (path.has_parent_path()) {
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error)
      throw Error(ErrorKind::no_output,
                  tr("cannot make the folder {}: {}", path.parent_path().native(), error.message()));
  }
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno != EEXIST) {
    throw Error(errno == EACCES ? ErrorKind::permission : ErrorKind::no_output,
                tr("the database {} cannot be made: {}", text::quoted(path.native()), std::strerror(errno)));
  }
  if (fd >= 0) close(fd);
  return fd >= 0;
}

/// Brings what is there, if only an empty file, to the present schema.
DatabaseState complete_database(const std::filesystem::path& path) {
  const auto turn = wait_for_turn(path);
  Connection database = open_file(path);
  const int id = pragma(database, "application_id"), version = pragma(database, "user_version");
  const bool is_empty = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
  if (id != application_id && !is_empty) refuse_foreign(path);
  if (id == application_id && version >= newest_schema()) {
    check_schema(database, path);
    return DatabaseState::present;
  }
  if (!is_empty) back_up(database, copy_before_upgrade(path, version));
  migrate(database);
  return is_empty ? DatabaseState::created : DatabaseState::upgraded;
}

}  // namespace

Statement::Statement(Connection& connection, const std::string& sql)
    : SQLite::Statement(connection.take(sql)), m_connection(&connection), m_sql(sql) {}

Statement::Statement(Statement&& other) noexcept
    : SQLite::Statement(std::move(other)),
      m_connection(std::exchange(other.m_connection, nullptr)),
      m_sql(std::move(other.m_sql)) {}

Statement::~Statement() {
  if (m_connection) m_connection->give_back(m_sql, std::move(*this));
}

SQLite::Statement Connection::take(const std::string& sql) {
  auto idle = m_idle.extract(sql);
  return idle ? std::move(idle.mapped()) : SQLite::Statement(*this, sql);
}

void Connection::give_back(const std::string& sql, SQLite::Statement&& statement) noexcept {
  try {
    statement.tryReset();  // tells of the last step's error once more
    statement.clearBindings();
    m_idle.try_emplace(sql, std::move(statement));
  } catch (const std::exception&) {
    m_idle.erase(sql);  // it will be prepared anew
  }
}

std::filesystem::path real_path(const std::filesystem::path& path) {
  struct stat info {};
  if (lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode) && info.st_uid != geteuid() && info.st_uid != 0) {
    throw Error(ErrorKind::permission, tr("{} is a link that another user has made", text::quoted(path.native())),
                tr("name the database itself with --db FILE"));
  }
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  return error ? path : real;
}

Connection open_database(const std::filesystem::path& path) {
  require_file(path);
  return translated([&] {
    Connection database = open_file(path);
    check_schema(database, path);
    check_mode(path);
    return database;
  });
}

Connection open_for_a_glance(const std::filesystem::path& path) {
  require_file(path);
  return translated([&] {
    Connection database = open_file(path, SQLite::OPEN_READONLY, std::chrono::milliseconds(0));
    check_schema(database, path);
    check_mode(path);
    return database;
  });
}

Connection open_any_schema(const std::filesystem::path& path, std::chrono::milliseconds patience) {
  require_file(path);
  return translated([&] {
    Connection database = open_file(path, SQLite::OPEN_READWRITE, patience);
    check_kind(database, path);
    return database;
  });
}

Connection open_unchanged(const std::filesystem::path& path) {
  if (!exists_as_file(path)) throw Error(ErrorKind::no_input, tr("there is no file {}", text::quoted(path.native())));
  return translated([&] {
    Connection database = open_file(path, SQLite::OPEN_READONLY);
    check_kind(database, path);
    return database;
  });
}

gid_t find_group(const std::string& name) {
  const ::group* known = getgrnam(name.c_str());
  if (!known)
    throw Error(ErrorKind::config, tr("database.group: there is no group {}", text::quoted(name)),
                "kundehub config unset database.group");
  const gid_t group = known->gr_gid;
  if (geteuid() == 0 || group == getegid()) return group;
  std::vector<gid_t> own(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
  own.resize(static_cast<std::size_t>(std::max(getgroups(static_cast<int>(own.size()), own.data()), 0)));
  if (std::ranges::find(own, group) != own.end()) return group;
  throw Error(ErrorKind::permission,
              tr("database.group: you are no member of {}, so you can give it no file", text::quoted(name)),
              tr("as root: usermod -aG {} YOUR-NAME, then log in anew", text::shell_word(name)));
}

void share_with_group(const std::filesystem::path& path, gid_t group) {
  struct stat info {};
  const bool is_shared = stat(path.c_str(), &info) == 0 && info.st_gid == group && (info.st_mode & ACCESSPERMS) == 0640;
  if (is_shared || (chown(path.c_str(), static_cast<uid_t>(-1), group) == 0 && chmod(path.c_str(), 0640) == 0)) return;
  throw Error(ErrorKind::permission,
              tr("the database {} cannot be given to the group: {}", text::quoted(path.native()), std::strerror(errno)),
              tr("run kundehub init as the database's owner"));
}

std::filesystem::path copy_before_upgrade(const std::filesystem::path& path, int schema) {
  return fmt::format("{}.schema-{}", path.native(), schema);
}

Connection open_memory_database() {
  Connection database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
  configure(database);
  migrate(database);
  return database;
}

DatabaseState create_database(const std::filesystem::path& name) {
  const std::filesystem::path path = real_path(name);
  const bool made = !exists_as_file(path) && create_file(path);
  try {
    return translated([&] { return complete_database(path); });
  } catch (...) {
    std::error_code ignored;
    if (made) std::filesystem::remove(path, ignored);
    throw;
  }
}

}  // namespace kundehub::sqlite
