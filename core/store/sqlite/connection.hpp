#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <unordered_map>

#include <SQLiteCpp/SQLiteCpp.h>

namespace kundehub::sqlite {

/// One connection to a database. It keeps what it has prepared for the next use: preparing a statement costs more than
/// running it. For one thread at a time.
class Connection : public SQLite::Database {
 public:
  using SQLite::Database::Database;

 private:
  friend class Statement;
  SQLite::Statement take(const std::string& sql);
  void give_back(const std::string& sql, SQLite::Statement&& statement) noexcept;

  std::unordered_map<std::string, SQLite::Statement> m_idle;
};

/// A statement of a connection, from its being taken to its being given back, with nothing bound. Several with the same
/// text may be at work at once. Throws SQLite::Exception, as SQLite::Statement; privately one, since a copy of that
/// alone would take the statement along and leave the cache without it.
class Statement : private SQLite::Statement {
 public:
  Statement(Connection& connection, const std::string& sql);
  Statement(Statement&& other) noexcept;
  ~Statement();

  using SQLite::Statement::bind;
  using SQLite::Statement::bindNoCopy;
  using SQLite::Statement::exec;
  using SQLite::Statement::executeStep;
  using SQLite::Statement::getColumn;
  using SQLite::Statement::getColumnCount;
  using SQLite::Statement::reset;

 private:
  Connection* m_connection;  ///< null: moved from
  std::string m_sql;
};

/// Symbolic links lead two names to one database: its locks and its key are named from the one real path. What is
/// missing stays as it is named. Throws Error{permission} if `path` is a link that another user has made: it could lead
/// anywhere.
std::filesystem::path real_path(const std::filesystem::path& path);

/// How long a connection waits for a lock of another one.
constexpr std::chrono::milliseconds usual_patience{60'000};

/// Opens an existing kundehub database with everything set that DESIGN.md asks for. Throws Error{config} with the
/// remedy if it is missing, no regular file, not a kundehub database, or of a newer schema; Error{permission}.
Connection open_database(const std::filesystem::path& path);

/// As open_database, to read from alone and without waiting for any lock. Throws Error{temporary} if one is held.
Connection open_for_a_glance(const std::filesystem::path& path);

/// As open_database, also of an older schema and one that others can read: for whoever looks after it.
Connection open_any_schema(const std::filesystem::path& path, std::chrono::milliseconds patience = usual_patience);

/// As open_any_schema, to read from alone: nothing beside it is touched. Throws Error{no_input} if there is no such
/// file.
Connection open_unchanged(const std::filesystem::path& path);

/// Throws Error{config} for an unknown group, Error{permission} for one that the caller may give no file to.
gid_t find_group(const std::string& name);

/// Lets the members of the group read the database (mode 0640): for a portal that reads its views. SQLite gives its
/// journal the same mode; the group too if the caller is root or the folder is set-group-ID. Throws Error{permission}
/// if the file is not the caller's.
void share_with_group(const std::filesystem::path& path, gid_t group);

/// Where create_database leaves the copy of what it has upgraded.
std::filesystem::path copy_before_upgrade(const std::filesystem::path& path, int schema);

/// An empty database in memory with the present schema, for tests.
Connection open_memory_database();

/// What create_database has found, and done about it.
enum class DatabaseState { present, upgraded, created };

/// Makes the database (mode 0600) with its folders if there is none, all of it or nothing. One of an older schema is
/// brought to the present one, with a copy of what it was in `<path>.schema-N` before. Throws as open_database, and
/// Error{no_output} if there is no room for the copy.
DatabaseState create_database(const std::filesystem::path& path);

}  // namespace kundehub::sqlite
