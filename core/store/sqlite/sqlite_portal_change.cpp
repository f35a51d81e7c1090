#include "core/store/sqlite/sqlite_portal_change.hpp"

#include "core/model/error.hpp"
#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/link_rows.hpp"
#include "core/store/sqlite/login_rows.hpp"
#include "core/store/sqlite/values.hpp"

namespace kundehub::sqlite {
namespace {

constexpr const char* select_failures = "SELECT count FROM redeem_failure WHERE source = :source AND minute = :minute";

// Not those of a minute that another process is still in; but those that are to come, of a clock that was set back.
constexpr const char* forget_sql = "DELETE FROM redeem_failure WHERE minute < :minute - 1 OR minute > :minute + 1";

constexpr const char* add_failure = R"sql(
  INSERT INTO redeem_failure (source, minute, count) VALUES (:source, :minute, 1)
  ON CONFLICT (source, minute) DO UPDATE SET count = count + 1
)sql";

std::int64_t minute_of(Time at) {
  return std::chrono::floor<std::chrono::minutes>(at).time_since_epoch().count();
}

}  // namespace

SqlitePortalChange::SqlitePortalChange(Connection& database, const std::filesystem::path& path,
                                       std::unique_ptr<FileLock> turn)
    : m_database(database), m_path(path), m_transaction(database, path, std::move(turn)) {}

int SqlitePortalChange::failures(const std::string& source, Time at) {
  return translated([&] {
    Statement statement(m_database, select_failures);
    statement.bind(":source", source);
    statement.bind(":minute", minute_of(at));
    return statement.executeStep() ? statement.getColumn(0).getInt() : 0;
  });
}

void SqlitePortalChange::count_failure(const std::string& source, Time at) {
  translated([&] {
    forget_failures(at);
    Statement statement(m_database, add_failure);
    statement.bind(":source", source);
    statement.bind(":minute", minute_of(at));
    statement.exec();
  });
}

std::optional<IssuedLink> SqlitePortalChange::find(const std::array<unsigned char, 32>& token_hash) {
  return translated([&] {
    auto found = select_login_link(m_database, token_hash);
    return found ? found : select_open_link(m_database, token_hash);
  });
}

void SqlitePortalChange::use(const IssuedLink& link, const Login& login) {
  translated([&] {
    forget_failures(login.at);  // an address is kept no longer than it is needed
    use_link(m_database, link, login.at);
  });
  record_login(login);
}

void SqlitePortalChange::expire(const IssuedLink& link, Time at) {
  translated([&] { expire_link(m_database, link, at); });
}

void SqlitePortalChange::record_login(const Login& login) {
  translated([&] { m_login = insert_login(m_database, login); });
}

std::string SqlitePortalChange::commit() {
  try {
    translated([&] { m_transaction.commit(); });
    return {};
  } catch (const Error& error) {
    m_transaction.rollback();
    const Saved saved = m_login == 0 || m_path.empty()
                            ? Saved::no
                            : read_back(m_path, [this](Connection& database) { return has_login(database, m_login); });
    if (saved == Saved::no) throw;
    return trouble_behind(saved, error.what());
  }
}

void SqlitePortalChange::forget_failures(Time at) {
  Statement statement(m_database, forget_sql);
  statement.bind(":minute", minute_of(at));
  statement.exec();
}

}  // namespace kundehub::sqlite
