#include "core/store/sqlite/sqlite_redemption.hpp"

#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/link_rows.hpp"
#include "core/store/sqlite/login_rows.hpp"
#include "core/store/sqlite/values.hpp"

namespace kundehub::sqlite {
namespace {

constexpr const char* select_failures = "SELECT count FROM redeem_failure WHERE source = :source AND minute = :minute";

constexpr const char* forget_failures = "DELETE FROM redeem_failure WHERE minute <> :minute";

constexpr const char* add_failure = R"sql(
  INSERT INTO redeem_failure (source, minute, count) VALUES (:source, :minute, 1)
  ON CONFLICT (source, minute) DO UPDATE SET count = count + 1
)sql";

std::int64_t minute_of(Time at) {
  return std::chrono::floor<std::chrono::minutes>(at).time_since_epoch().count();
}

}  // namespace

SqliteRedemption::SqliteRedemption(Connection& database, const std::filesystem::path& path,
                                   std::unique_ptr<FileLock> turn)
    : m_database(database), m_transaction(database, path, std::move(turn)) {}

int SqliteRedemption::failures(const std::string& source, Time at) {
  return translated([&] {
    Statement statement(m_database, select_failures);
    statement.bind(":source", source);
    statement.bind(":minute", minute_of(at));
    return statement.executeStep() ? statement.getColumn(0).getInt() : 0;
  });
}

void SqliteRedemption::count_failure(const std::string& source, Time at) {
  translated([&] {
    Statement others(m_database, forget_failures);
    others.bind(":minute", minute_of(at));
    others.exec();
    Statement statement(m_database, add_failure);
    statement.bind(":source", source);
    statement.bind(":minute", minute_of(at));
    statement.exec();
  });
}

std::optional<IssuedLink> SqliteRedemption::find(const std::array<unsigned char, 32>& token_hash) {
  return translated([&] {
    auto found = select_login_link(m_database, token_hash);
    return found ? found : select_open_link(m_database, token_hash);
  });
}

void SqliteRedemption::use(const IssuedLink& link, const Login& login) {
  translated([&] {
    use_link(m_database, link, login.at);
    insert_login(m_database, login);
  });
}

void SqliteRedemption::expire(const IssuedLink& link, Time at) {
  translated([&] {
    if (link.purpose == LinkPurpose::login) end_link(m_database, link.link.contact, LinkEnd::expired, at);
  });
}

void SqliteRedemption::commit() {
  translated([&] { m_transaction.commit(); });
}

}  // namespace kundehub::sqlite
