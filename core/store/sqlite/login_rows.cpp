#include "core/store/sqlite/login_rows.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

constexpr const char* insert_sql = R"sql(
  INSERT INTO login (contact_id, at, method, ip) SELECT id, :at, :method, :ip FROM contact WHERE id = :contact
)sql";

constexpr const char* move_sql = "UPDATE login SET contact_id = :to WHERE contact_id = :from";

// Newest first, from behind the login that was read last.
constexpr const char* select_sql = R"sql(
  SELECT login.id, login.contact_id, login.at, login.method, login.ip FROM login
  WHERE (login.at, login.id) < (:before, :before_id) AND login.at >= :since AND {} ORDER BY login.at DESC, login.id DESC
  LIMIT :limit
)sql";

std::string condition(const LoginFilter& filter) {
  std::string sql = "TRUE";
  if (filter.customer) sql += " AND contact_id IN (SELECT id FROM contact WHERE customer_id = :customer)";
  if (filter.contact) sql += " AND contact_id = :contact";
  return sql;
}

}  // namespace

std::int64_t insert_login(Connection& database, const Login& login) {
  Statement statement(database, insert_sql);
  statement.bind(":contact", login.contact.value);
  bind_time(statement, ":at", login.at);
  statement.bind(":method", std::string(to_string(login.method)));
  bind_text(statement, ":ip", login.ip);
  if (statement.exec() == 1) return database.getLastInsertRowid();
  throw Error(ErrorKind::not_found, tr("no contact contact:{}", login.contact.value), "kundehub contact list");
}

bool has_login(Connection& database, std::int64_t row) {
  Statement statement(database, "SELECT 1 FROM login WHERE id = :row");
  statement.bind(":row", row);
  return statement.executeStep();
}

int move_logins(Connection& database, ContactId from, ContactId to) {
  Statement statement(database, move_sql);
  statement.bind(":from", from.value);
  statement.bind(":to", to.value);
  return statement.exec();
}

void each_login(Connection& database, const LoginFilter& filter, std::optional<std::int64_t> limit,
                const std::function<void(const Login&)>& visit) {
  constexpr std::int64_t batch_size = 500;  // visited with no statement open, so that no writer waits for a reader
  std::int64_t left = limit.value_or(std::numeric_limits<std::int64_t>::max());
  std::int64_t before = std::numeric_limits<std::int64_t>::max(), before_id = before;
  std::vector<Login> logins;
  do {
    logins.clear();
    Statement statement(database, fmt::format(select_sql, condition(filter)));
    statement.bind(":before", before);
    statement.bind(":before_id", before_id);
    statement.bind(":since", filter.since ? filter.since->time_since_epoch().count() : 0);
    statement.bind(":limit", std::min(left, batch_size));
    if (filter.customer) statement.bind(":customer", filter.customer->value);
    if (filter.contact) statement.bind(":contact", filter.contact->value);
    while (statement.executeStep()) {
      before_id = statement.getColumn(0).getInt64();
      before = statement.getColumn(2).getInt64();
      logins.push_back({.contact = ContactId{statement.getColumn(1).getInt64()},
                        .at = read_time(statement.getColumn(2)),
                        .method = parse_login_method(statement.getColumn(3).getString()),
                        .ip = statement.getColumn(4).getString()});
    }
    left -= std::ssize(logins);
    statement.reset();
    for (const Login& login : logins) visit(login);
  } while (std::ssize(logins) == batch_size && left > 0);
}

}  // namespace kundehub::sqlite
