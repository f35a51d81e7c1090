#include "core/store/sqlite/welcome_rows.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {

const char* const effective_welcome_state = R"sql(
  CASE
    WHEN welcome.state IN ('sent', 'uncertain') AND EXISTS (
      SELECT 1 FROM login_link WHERE contact_id = welcome.contact_id AND generation = welcome.generation
        AND used_at IS NOT NULL) THEN 'used'
    WHEN welcome.state = 'sent' AND welcome.link_out_until <= :now THEN 'expired'
    ELSE welcome.state
  END
)sql";

const char* const welcome_columns = R"sql(
  welcome.id, welcome.contact_id, welcome.address, welcome.message_id, welcome.language, welcome.template_hash,
  welcome.generation, welcome.tries, welcome.queued_at, welcome.due_at, welcome.sent_at, welcome.link_expires_at,
  welcome.reply, welcome.changed_at, welcome.message
)sql";

namespace {

constexpr const char* insert_sql = R"sql(
  INSERT INTO welcome (contact_id, operation_id, email_key, address, message_id, language, template_hash, generation,
                       message, state, queued_at, due_at, changed_at)
  VALUES (:contact, :operation, :email_key, :address, :message_id, :language, :template_hash, :generation,
          :message, 'queued', :now, :now, :now)
)sql";

constexpr const char* requeue_sql = R"sql(
  UPDATE welcome SET state = 'queued', due_at = :now, queued_at = :now, changed_at = :now
  WHERE id = :id AND state IN ('queued', 'deferred', 'uncertain')
)sql";

// A mail whose final dot may be out cannot be called back: its delivery run records what becomes of it.
constexpr const char* cancellable =
    "contact_id = :contact AND (state IN ('queued', 'deferred', 'uncertain') OR (state = 'sending' AND phase = 1))";

constexpr const char* cancel_sql =
    "UPDATE welcome SET state = 'cancelled', phase = NULL, due_at = NULL, message = NULL, changed_at = :now WHERE {}";

constexpr const char* pending_condition =
    "welcome.contact_id = :contact AND welcome.state IN ('queued', 'sending', 'deferred', 'uncertain')";

constexpr const char* select_tries_sql = R"sql(
  SELECT number, at, outcome, stage, reply FROM welcome_try WHERE welcome_id = :id ORDER BY number
)sql";

Statement prepare_select(Connection& database, const char* condition, Time now) {
  Statement statement(database, fmt::format("SELECT {}, {} FROM welcome WHERE {} ORDER BY id DESC", welcome_columns,
                                            effective_welcome_state, condition));
  bind_time(statement, ":now", now);
  return statement;
}

std::vector<Welcome> read_all(Statement& statement) {
  std::vector<Welcome> found;
  while (statement.executeStep()) found.push_back(read_welcome(statement, 0));
  return found;
}

}  // namespace

Welcome read_welcome(Statement& statement, int first) {
  const auto column = [&](int offset) { return statement.getColumn(first + offset); };
  Welcome welcome;
  welcome.id = WelcomeId{column(0).getInt64()};
  if (!column(1).isNull()) welcome.contact = ContactId{column(1).getInt64()};
  welcome.address = column(2).getString();
  welcome.message_id = column(3).getString();
  welcome.language = parse_language(column(4).getString());
  welcome.template_hash = column(5).getString();
  welcome.generation = column(6).getInt64();
  welcome.tries = column(7).getInt();
  welcome.queued_at = read_time(column(8));
  welcome.due_at = read_optional_time(column(9));
  welcome.sent_at = read_optional_time(column(10));
  welcome.link_expires_at = read_optional_time(column(11));
  welcome.reply = column(12).getString();
  welcome.changed_at = read_time(column(13));
  welcome.message = column(14).getString();
  welcome.state = parse_welcome_state(column(15).getString());
  return welcome;
}

WelcomeId insert_welcome(Connection& database, const NewWelcome& welcome, OperationId operation, Time now) {
  Statement statement(database, insert_sql);
  statement.bind(":contact", welcome.contact.value);
  statement.bind(":operation", operation.value);
  statement.bind(":email_key", EmailAddress::parse(welcome.address).key());
  statement.bind(":address", welcome.address);
  statement.bind(":message_id", welcome.message_id);
  statement.bind(":language", std::string(to_string(welcome.language)));
  statement.bind(":template_hash", welcome.template_hash);
  statement.bind(":generation", welcome.generation);
  bind_text(statement, ":message", welcome.message);
  bind_time(statement, ":now", now);
  try {
    statement.exec();
  } catch (const SQLite::Exception& error) {
    if (error.getExtendedErrorCode() != SQLITE_CONSTRAINT_UNIQUE) throw;
    throw Error(ErrorKind::conflict, tr("contact:{} has a welcome mail on its way already", welcome.contact.value),
                fmt::format("kundehub welcome status contact:{}", welcome.contact.value));
  }
  return WelcomeId{database.getLastInsertRowid()};
}

std::optional<Welcome> select_pending_welcome(Connection& database, ContactId contact, Time now) {
  Statement statement = prepare_select(database, pending_condition, now);
  statement.bind(":contact", contact.value);
  if (!statement.executeStep()) return std::nullopt;
  return read_welcome(statement, 0);
}

void requeue_welcome(Connection& database, WelcomeId id, Time now) {
  Statement statement(database, requeue_sql);
  statement.bind(":id", id.value);
  bind_time(statement, ":now", now);
  statement.exec();
}

std::optional<WelcomeId> select_cancellable(Connection& database, ContactId contact) {
  Statement statement(database, fmt::format("SELECT id FROM welcome WHERE {}", cancellable));
  statement.bind(":contact", contact.value);
  if (!statement.executeStep()) return std::nullopt;
  return WelcomeId{statement.getColumn(0).getInt64()};
}

bool cancel_welcome(Connection& database, ContactId contact, Time now) {
  Statement statement(database, fmt::format(cancel_sql, cancellable));
  statement.bind(":contact", contact.value);
  bind_time(statement, ":now", now);
  return statement.exec() > 0;
}

std::vector<Welcome> select_welcomes_of(Connection& database, ContactId contact, Time now) {
  Statement statement = prepare_select(database, "welcome.contact_id = :contact", now);
  statement.bind(":contact", contact.value);
  return read_all(statement);
}

std::optional<Welcome> select_welcome(Connection& database, WelcomeId id, Time now) {
  Statement statement = prepare_select(database, "welcome.id = :id", now);
  statement.bind(":id", id.value);
  if (!statement.executeStep()) return std::nullopt;
  return read_welcome(statement, 0);
}

std::vector<WelcomeTry> select_tries(Connection& database, WelcomeId id) {
  Statement statement(database, select_tries_sql);
  statement.bind(":id", id.value);
  std::vector<WelcomeTry> tries;
  while (statement.executeStep()) {
    tries.push_back({.number = statement.getColumn(0).getInt(),
                     .at = read_time(statement.getColumn(1)),
                     .outcome = statement.getColumn(2).getString(),
                     .stage = statement.getColumn(3).getString(),
                     .reply = statement.getColumn(4).getString()});
  }
  return tries;
}

}  // namespace kundehub::sqlite
