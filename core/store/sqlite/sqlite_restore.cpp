#include "core/store/sqlite/sqlite_restore.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <map>
#include <string>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/access_rows.hpp"
#include "core/store/sqlite/erased_rows.hpp"
#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/link_rows.hpp"
#include "core/store/sqlite/migration.hpp"
#include "core/store/sqlite/operation_rows.hpp"
#include "core/store/sqlite/sqlite_maintenance.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/store/sqlite/write_transaction.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

constexpr std::chrono::seconds delivery_wait{10};

// The mails wait for an admin who has seen what came back; some of them may have left since the backup.
constexpr const char* hold_queue = R"sql(
  UPDATE welcome SET state = CASE WHEN phase = 2 THEN 'uncertain' WHEN state = 'sending' THEN 'deferred' ELSE state END,
    phase = NULL, due_at = NULL
  WHERE state IN ('queued', 'sending', 'deferred', 'uncertain')
)sql";

constexpr const char* raise_sequence = R"sql(
  UPDATE sqlite_sequence SET seq = max(seq, :seq) WHERE name = :name
)sql";

constexpr const char* add_sequence = R"sql(
  INSERT INTO sqlite_sequence (name, seq)
  SELECT :name, :seq WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :name)
)sql";

constexpr const char* raise_number = R"sql(
  UPDATE setting SET value = max(value, :value) WHERE key = 'last_customer_number'
)sql";

constexpr const char* select_admitted = R"sql(
  SELECT contact.id, contact.email_key, customer.number, contact.first_name, contact.last_name, contact.email
  FROM contact JOIN customer ON customer.id = contact.customer_id WHERE {}
)sql";

/// Who may log in: their address, and how messages name them.
std::map<std::int64_t, std::pair<std::string, std::string>> admitted(Connection& database, Time now) {
  Statement statement(database, fmt::format(select_admitted, may_log_in()));
  bind_time(statement, ":now", now);
  std::map<std::int64_t, std::pair<std::string, std::string>> found;
  while (statement.executeStep()) {
    const std::int64_t id = statement.getColumn(0).getInt64();
    found[id] = {
        statement.getColumn(1).getString(),
        tr("contact:{} ({} {} <{}>) of customer {}", id, statement.getColumn(3).getString(),
           statement.getColumn(4).getString(), statement.getColumn(5).getString(), statement.getColumn(2).getString())};
  }
  return found;
}

Connection open_backup(const std::filesystem::path& backup) {
  try {
    return open_unchanged(backup);
  } catch (const Error& error) {
    throw Error(error.kind() == ErrorKind::config ? ErrorKind::config : ErrorKind::no_input,
                tr("the backup cannot be restored: {}", error.what()),
                tr("name a file that kundehub db backup has made"));
  }
}

/// What is no database of this program is not what a backup is to take the place of: its header tells, even if the rest
/// is damaged (https://www.sqlite.org/fileformat.html, section 1.3). Throws Error{config}.
void check_header(const std::filesystem::path& file) {
  constexpr std::size_t version_at = 60, application_at = 68, header_size = 100;
  std::array<unsigned char, header_size> header{};
  std::ifstream stream(file, std::ios::binary);
  if (!stream.read(reinterpret_cast<char*>(header.data()), header_size) || header[0] != 'S') return;
  const auto number = [&](std::size_t at) {
    return header[at] << 24 | header[at + 1] << 16 | header[at + 2] << 8 | header[at + 3];
  };
  if (number(application_at) == application_id && number(version_at) <= newest_schema()) return;
  open_any_schema(file);  // says what it is
}

/// Absent if there is none that can be read: then there is nothing to compare with.
std::unique_ptr<Connection> open_present(const std::filesystem::path& file) {
  check_header(file);
  try {
    auto present = std::make_unique<Connection>(open_any_schema(file));
    if (present->execAndGet("PRAGMA user_version").getInt() == newest_schema()) check_soundness(*present, "it");
    return present;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::permission || error.kind() == ErrorKind::temporary) throw;
  } catch (const SQLite::Exception&) {  // damaged, which may be why somebody restores
  }
  return nullptr;
}

}  // namespace

SqliteRestore::SqliteRestore(const std::filesystem::path& file, const std::filesystem::path& backup,
                             const OperationContext& context)
    : m_file(file), m_context(context) {
  std::error_code ignored;
  if (std::filesystem::equivalent(file, backup, ignored)) {
    throw Error(ErrorKind::conflict, tr("{} is the database itself", text::quoted(backup.native())),
                tr("name the backup"));
  }
  Connection source = open_backup(backup);
  check_soundness(source, tr("the backup {}", text::quoted(backup.native())));
  m_backup = read_status(source, backup);
  const auto present = open_present(file);
  if (present) m_present = read_status(*present, file);
  std::filesystem::create_directories(file.parent_path(), ignored);
  m_copy = std::make_unique<DatabaseCopy>(source, file.native() + ".restore");
  prepare(present.get());
}

void SqliteRestore::prepare(Connection* present) {
  Connection copy = open_any_schema(m_copy->part());
  migrate(copy);
  WriteTransaction transaction(copy, {}, nullptr);
  m_operation = insert_operation(copy, m_context);
  end_all_links(copy, LinkEnd::revoked, m_context.at);
  copy.exec(hold_queue);
  if (present) pass_ids(copy, *present);
  if (present && m_present->schema == m_present->newest_schema) keep_erasures(copy, *present, m_operation);
  transaction.commit();
  find_readmitted(copy, present);
}

void SqliteRestore::pass_ids(Connection& copy, Connection& present) {
  SQLite::Statement sequences(present, "SELECT name, seq FROM sqlite_sequence");
  while (sequences.executeStep()) {
    for (const char* sql : {raise_sequence, add_sequence}) {
      Statement statement(copy, sql);
      statement.bind(":name", sequences.getColumn(0).getString());
      statement.bind(":seq", sequences.getColumn(1).getInt64());
      statement.exec();
    }
  }
  Statement number(copy, raise_number);
  number.bind(":value", present.execAndGet("SELECT value FROM setting WHERE key = 'last_customer_number'").getInt64());
  number.exec();
}

void SqliteRestore::keep_erasures(Connection& copy, Connection& present, OperationId operation) {
  Statement hashes(present, "SELECT hash FROM erased_address");
  while (hashes.executeStep()) {
    AddressHash hash{};
    std::memcpy(hash.data(), hashes.getColumn(0).getBlob(), hash.size());
    if (!select_erased(copy, hash)) insert_erased(copy, hash, operation);
  }
}

void SqliteRestore::find_readmitted(Connection& copy, Connection* present) {
  const bool is_comparable = present && m_present->schema == m_present->newest_schema;
  const auto now =
      is_comparable ? admitted(*present, m_context.at) : std::map<std::int64_t, std::pair<std::string, std::string>>();
  for (const auto& [id, person] : admitted(copy, m_context.at)) {
    const auto same = now.find(id);
    if (same == now.end() || same->second.first != person.first) m_readmitted.push_back(person.second);
  }
}

RestoreResult SqliteRestore::commit() {
  return translated([&] {
    const auto turn = wait_for_turn(m_file);
    const auto delivery = FileLock::acquire(m_file.native() + ".send", delivery_wait);
    if (!delivery)
      throw Error(ErrorKind::temporary, tr("welcome mails are just being delivered"),
                  tr("try again when that has ended"));
    check_unchanged();
    return put_or_explain(copy_present());
  });
}

void SqliteRestore::check_unchanged() {
  const auto present = open_present(m_file);
  const bool is_same =
      !present ? !m_present : m_present && read_status(*present, m_file).operations == m_present->operations;
  if (is_same) return;
  throw Error(ErrorKind::temporary, tr("somebody has changed the database meanwhile: nothing was restored"),
              tr("run the command again"));
}

std::filesystem::path SqliteRestore::copy_present() {
  std::error_code error;
  if (!std::filesystem::exists(m_file, error)) return {};
  std::string moment = to_rfc3339(m_context.at);
  std::erase_if(moment, [](char c) { return c == '-' || c == ':'; });
  const std::filesystem::path copy = fmt::format("{}.before-restore-{}", m_file.native(), moment);
  if (m_present) {
    Connection present = open_any_schema(m_file);
    sqlite::back_up(present, copy);
  } else if (std::filesystem::create_hard_link(m_file, copy, error); error) {
    throw Error(ErrorKind::no_output,
                tr("the copy {} cannot be made: {}", text::quoted(copy.native()), error.message()));
  }
  return copy;
}

/// A disk may fail behind the change: who is told that it failed would believe the database to be what it was.
RestoreResult SqliteRestore::put_or_explain(const std::filesystem::path& copy) {
  try {
    translated([&] { put(); });
    return {.copy = copy};
  } catch (const Error& error) {
    const Saved saved =
        read_back(m_file, [&](Connection& database) { return has_operation(database, m_operation, m_context); });
    if (saved == Saved::no) throw;
    return {.copy = copy, .trouble = trouble_behind(saved, error.what()), .in_doubt = saved == Saved::unknown};
  }
}

/// Through SQLite where it can read the database: its journal makes one step of it, and who has it open goes on with
/// what is there then. A damaged one is replaced as a file.
void SqliteRestore::put() {
  if (m_present) {
    Connection source = open_any_schema(m_copy->part());
    Connection database = open_any_schema(m_file);
    copy_database(database, source);
    return;
  }
  struct stat replaced {};
  const bool is_shared = stat(m_file.c_str(), &replaced) == 0 && (replaced.st_mode & S_IRGRP) != 0;
  const std::string part = m_copy->part().native();
  if (is_shared && chown(part.c_str(), static_cast<uid_t>(-1), replaced.st_gid) == 0) chmod(part.c_str(), 0640);
  unlink((m_file.native() + "-journal").c_str());  // that of what is replaced
  m_copy->keep_as(m_file);
}

}  // namespace kundehub::sqlite
