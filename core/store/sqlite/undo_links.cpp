#include "core/store/sqlite/undo_links.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <sodium.h>
#include <nlohmann/json.hpp>

#include "core/store/sqlite/access_rows.hpp"
#include "core/store/sqlite/record_images.hpp"
#include "core/store/sqlite/values.hpp"

namespace kundehub::sqlite {

const char* const touched_contacts = R"sql(
  SELECT id FROM undo_record WHERE entity = 'contact' AND step <> 'delete'
  UNION SELECT contact.id FROM undo_record AS owner JOIN contact ON contact.customer_id = owner.id
    WHERE owner.entity = 'customer' AND owner.step <> 'delete'
)sql";

namespace {

constexpr const char* select_links = R"sql(
  SELECT undo_record.id, value FROM undo_record, json_each(image, '$.links')
  WHERE entity = 'contact' AND step = 'insert'
)sql";

constexpr const char* insert_link_sql = R"sql(
  INSERT INTO login_link (contact_id, generation, email_key, address, nonce, token_hash, created_at, used_at, ended_at,
                          ended_by)
  SELECT :contact, :link ->> 'generation', :link ->> 'email_key', :link ->> 'address', :nonce, :token_hash,
    :link ->> 'created_at', :link ->> 'used_at',
    coalesce(:link ->> 'ended_at', iif(:link ->> 'used_at' IS NULL, :now, NULL)),
    coalesce(:link ->> 'ended_by', iif(:link ->> 'used_at' IS NULL, 'revoked', NULL))
)sql";

// Some may be another contact's by now, which the deleted one was merged into.
constexpr const char* bring_back_logins = R"sql(
  INSERT INTO login (id, contact_id, at, method, ip)
  SELECT value ->> 'id', undo_record.id, value ->> 'at', value ->> 'method', value ->> 'ip'
  FROM undo_record, json_each(image, '$.logins') WHERE entity = 'contact' AND step = 'insert'
  ON CONFLICT (id) DO UPDATE SET contact_id = excluded.contact_id
)sql";

constexpr const char* bring_back_mails = R"sql(
  UPDATE welcome SET contact_id = kept.contact_id
  FROM (SELECT undo_record.id AS contact_id, value AS welcome_id FROM undo_record, json_each(image, '$.welcomes')
        WHERE entity = 'contact' AND step = 'insert') AS kept
  WHERE welcome.id = kept.welcome_id AND welcome.contact_id IS NULL
)sql";

// As in a cancellation: a mail whose final dot may be out is its delivery run's to record.
constexpr const char* select_waiting = R"sql(
  SELECT welcome.id FROM welcome WHERE {} AND (
    welcome.state IN ('queued', 'deferred', 'uncertain') OR (welcome.state = 'sending' AND welcome.phase = 1))
)sql";

constexpr const char* cancel_sql = R"sql(
  UPDATE welcome SET state = 'cancelled', phase = NULL, due_at = NULL, message = NULL, changed_at = :now
  WHERE welcome.id IN ({})
)sql";

constexpr const char* of_going_contacts =
    "welcome.contact_id IN (SELECT id FROM undo_record WHERE entity = 'contact' AND step = 'delete')";

constexpr const char* of_shut_out = R"sql(
  EXISTS (SELECT 1 FROM contact JOIN customer ON customer.id = contact.customer_id
          WHERE contact.id = welcome.contact_id AND contact.id IN ({})
            AND (NOT {} OR welcome.email_key <> contact.email_key))
)sql";

constexpr const char* end_links = R"sql(
  UPDATE login_link SET ended_at = :now, ended_by = lost.reason
  FROM (SELECT contact.id, CASE WHEN customer.archived_at IS NOT NULL THEN 'archived'
                                WHEN customer.hub = 0 OR contact.hub = 0 THEN 'revoked' ELSE 'email_changed' END AS reason,
          {1} AS stays, contact.email_key
        FROM contact JOIN customer ON customer.id = contact.customer_id WHERE contact.id IN ({0})) AS lost
  WHERE login_link.contact_id = lost.id AND used_at IS NULL AND ended_at IS NULL
    AND (NOT lost.stays OR login_link.email_key IS NOT lost.email_key)
)sql";

constexpr const char* of_operation = R"sql(
  welcome.id IN (SELECT one.id FROM operation_created JOIN welcome AS one ON one.id BETWEEN first_id AND last_id
                 WHERE operation_created.operation_id = {0} AND entity = 'welcome')
)sql";

constexpr const char* select_left = R"sql(
  SELECT address FROM welcome WHERE {} AND (
    state IN ('sent', 'uncertain', 'bounced') OR phase = 2 OR link_out_until IS NOT NULL) ORDER BY id
)sql";

// What an earlier mail has carried too, this operation did not make.
constexpr const char* fresh_link = R"sql(
  used_at IS NULL AND ended_at IS NULL
    AND (contact_id, generation) IN (SELECT welcome.contact_id, welcome.generation FROM welcome WHERE {0})
    AND NOT EXISTS (SELECT 1 FROM welcome WHERE welcome.contact_id = login_link.contact_id
                      AND welcome.generation = login_link.generation AND NOT {0})
)sql";

constexpr const char* count_unsent = R"sql(
  SELECT count(*) FROM operation_before JOIN welcome ON welcome.id = entity_id
  WHERE operation_before.operation_id = :operation AND entity = 'welcome' AND welcome.state = 'cancelled'
    AND was ->> 'state' <> 'cancelled'
)sql";

/// Returns how many.
int cancel(Connection& database, const Undoing& undoing, const std::string& condition) {
  const std::string waiting = fmt::format(select_waiting, condition);
  keep_all_before(database, undoing.undo, Entity::welcome, waiting.c_str());
  Statement statement(database, fmt::format(cancel_sql, waiting));
  bind_time(statement, ":now", undoing.at);
  return statement.exec();
}

std::vector<unsigned char> from_hex(const std::string& hex) {
  std::vector<unsigned char> bytes(hex.size() / 2);
  sodium_hex2bin(bytes.data(), bytes.size(), hex.data(), hex.size(), nullptr, nullptr, nullptr);
  return bytes;
}

void bind_bytes(Statement& statement, const char* name, const nlohmann::json& hex) {
  const auto bytes = from_hex(hex.get<std::string>());
  statement.bind(name, bytes.data(), static_cast<int>(bytes.size()));
}

void bring_back_links(Connection& database, Time at) {
  Statement links(database, select_links);
  while (links.executeStep()) {
    const std::string json = links.getColumn(1).getString();
    const auto link = nlohmann::json::parse(json);
    Statement insert(database, insert_link_sql);
    insert.bind(":contact", links.getColumn(0).getInt64());
    insert.bind(":link", json);
    bind_bytes(insert, ":nonce", link.at("nonce"));
    bind_bytes(insert, ":token_hash", link.at("token_hash"));
    bind_time(insert, ":now", at);
    insert.exec();
  }
}

std::string mails_of(OperationId operation) {
  return fmt::format(of_operation, operation.value);
}

// Of the undone operation, and of customers who may be others to their contacts afterwards.
constexpr const char* end_open_links_sql = R"sql(
  UPDATE open_link SET ended_at = :now WHERE used_at IS NULL AND ended_at IS NULL
    AND (operation_id = :undone OR customer_id IN (SELECT id FROM undo_customer))
)sql";

}  // namespace

void bring_back_history(Connection& database, Time at) {
  bring_back_links(database, at);
  for (const char* sql : {bring_back_logins, bring_back_mails}) Statement(database, sql).exec();
}

void cancel_going_mails(Connection& database, const Undoing& undoing, UndoResult& result) {
  result.cancelled_mails += cancel(database, undoing, of_going_contacts);
}

void end_lost_invitations(Connection& database, const Undoing& undoing, UndoResult& result) {
  result.cancelled_mails += cancel(database, undoing, fmt::format(of_shut_out, touched_contacts, has_access));
  Statement statement(database, fmt::format(end_links, touched_contacts, has_access));
  bind_time(statement, ":now", undoing.at);
  statement.exec();
}

bool has_mails_to_take_back(Connection& database, OperationId undone) {
  const std::string mails = mails_of(undone);
  for (const std::string& sql :
       {fmt::format("SELECT 1 FROM open_link WHERE operation_id = {} AND used_at IS NULL AND ended_at IS NULL",
                    undone.value),
        fmt::format(select_waiting, mails) + " LIMIT 1",
        fmt::format("SELECT 1 FROM login_link WHERE {} LIMIT 1", fmt::format(fresh_link, mails))}) {
    Statement statement(database, sql);
    if (statement.executeStep()) return true;
  }
  return false;
}

std::int64_t count_unsent_mails(Connection& database, OperationId undone) {
  Statement statement(database, count_unsent);
  statement.bind(":operation", undone.value);
  statement.executeStep();
  return statement.getColumn(0).getInt64();
}

void take_back_mails(Connection& database, const Undoing& undoing, UndoResult& result) {
  const std::string mails = mails_of(undoing.undone);
  Statement left(database, fmt::format(select_left, mails));
  while (left.executeStep()) result.left_mails.push_back(left.getColumn(0).getString());
  result.cancelled_mails += cancel(database, undoing, mails);
  Statement ended(database, fmt::format("UPDATE login_link SET ended_at = :now, ended_by = 'revoked' WHERE {}",
                                        fmt::format(fresh_link, mails)));
  bind_time(ended, ":now", undoing.at);
  ended.exec();
  Statement open(database, end_open_links_sql);
  open.bind(":undone", undoing.undone.value);
  bind_time(open, ":now", undoing.at);
  open.exec();
}

}  // namespace kundehub::sqlite
