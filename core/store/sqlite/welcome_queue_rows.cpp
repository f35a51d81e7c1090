#include "core/store/sqlite/welcome_queue_rows.hpp"

#include <string>

#include "core/model/email_address.hpp"
#include "core/model/error.hpp"
#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/link_rows.hpp"
#include "core/store/sqlite/overview_rows.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/store/sqlite/welcome_rows.hpp"
#include "core/store/sqlite/write_transaction.hpp"

namespace kundehub::sqlite {
namespace {

// Before the dot nothing was delivered, and a try without an end does not count.
constexpr const char* recover_undelivered = R"sql(
  UPDATE welcome SET state = 'queued', phase = NULL, tries = tries - 1, due_at = :now, changed_at = :now
  WHERE state = 'sending' AND phase = 1
)sql";

constexpr const char* release_sql = R"sql(
  UPDATE welcome SET state = :state, phase = NULL, tries = tries - 1, due_at = :due, changed_at = :now
  WHERE id = :id AND state = 'sending' AND phase = 1
)sql";

// A run that died behind the dot may have delivered.
constexpr const char* recover_uncertain = R"sql(
  UPDATE welcome SET state = 'uncertain', phase = NULL, changed_at = :now,
    due_at = iif(EXISTS (
      SELECT 1 FROM login_link AS link WHERE link.contact_id = welcome.contact_id
        AND link.generation = welcome.generation AND link.used_at IS NULL AND link.ended_at IS NULL), :due, NULL),
    link_out_until = max(ifnull(link_out_until, 0), link_expires_at),
    reply = 'the delivery run ended before the answer to the final dot'
  WHERE state = 'sending' AND phase = 2
)sql";

constexpr const char* select_due = R"sql(
  SELECT id FROM welcome
  WHERE due_at <= :now AND (:only IS NULL OR id IN (SELECT value FROM json_each(:only)))
  ORDER BY due_at, id LIMIT :limit
)sql";

constexpr const char* claim_sql = R"sql(
  UPDATE welcome SET state = 'sending', phase = 1, tries = tries + 1, due_at = NULL, changed_at = :now WHERE id = :id
)sql";

// No row: revoked, cancelled or deleted since it was claimed.
constexpr const char* begin_dot = R"sql(
  UPDATE welcome SET phase = 2, link_expires_at = :expires, template_hash = :template_hash
  WHERE id = :id AND state = 'sending' AND phase = 1 AND EXISTS (
    SELECT 1 FROM login_link AS link WHERE link.contact_id = welcome.contact_id AND link.generation = welcome.generation
      AND link.used_at IS NULL AND link.ended_at IS NULL)
)sql";

// A server's answer often names the address: that of a person who was erased meanwhile is not kept.
constexpr const char* insert_try = R"sql(
  INSERT INTO welcome_try (welcome_id, number, at, outcome, stage, reply)
  SELECT id, 1 + (SELECT count(*) FROM welcome_try WHERE welcome_id = :id), :now, :outcome, :stage,
    iif(email_key = '', '', :reply)
  FROM welcome WHERE id = :id
)sql";

constexpr const char* select_recorded = R"sql(
  SELECT state FROM welcome JOIN welcome_try AS last ON last.welcome_id = welcome.id
    AND last.number = (SELECT max(number) FROM welcome_try WHERE welcome_id = welcome.id)
  WHERE welcome.id = :id AND state <> 'sending' AND last.at = :now AND last.outcome = :outcome AND last.stage = :stage
    AND last.reply = iif(email_key = '', '', :reply)
)sql";

// The server's 250 stands whatever was cancelled meanwhile, and so does the doubt whether it had the mail; but if its
// link has ended behind the dot there is no new try, which would carry a dead one. Any other end of a try that is no
// longer wanted leaves the mail cancelled.
constexpr const char* record_sql = R"sql(
  UPDATE welcome SET
    state = iif(:state IN ('sent', 'uncertain') OR wanted, :state, 'cancelled'),
    due_at = iif(wanted, :due, NULL),
    message = iif(:state = 'uncertain' OR (wanted AND :state IN ('queued', 'deferred')), message, NULL),
    phase = NULL, reply = iif(email_key = '', NULL, :reply), changed_at = :now,
    tries = tries - (:state = 'queued'),
    sent_at = iif(:state = 'sent', :now, sent_at),
    link_out_until =
      iif(:state IN ('sent', 'uncertain'), max(ifnull(link_out_until, 0), link_expires_at), link_out_until)
  FROM (SELECT state = 'sending' AND EXISTS (
          SELECT 1 FROM login_link AS link WHERE link.contact_id = welcome.contact_id
            AND link.generation = welcome.generation AND link.used_at IS NULL AND link.ended_at IS NULL) AS wanted
        FROM welcome WHERE id = :id)
  WHERE id = :id RETURNING state = :state
)sql";

constexpr const char* still_wanted = R"sql(
  SELECT 1 FROM welcome JOIN login_link AS link ON link.contact_id = welcome.contact_id
    AND link.generation = welcome.generation AND link.used_at IS NULL AND link.ended_at IS NULL
  WHERE welcome.id = :id AND state = 'sending' AND phase = 1
)sql";

constexpr const char* select_first_try = R"sql(
  SELECT min(at) FROM welcome_try WHERE welcome_id = :id AND at >= :queued AND outcome NOT IN ('our fault', 'abandoned')
)sql";

constexpr const char* set_generation = "UPDATE welcome SET generation = :generation WHERE id = :id";

constexpr const char* cancel_one = R"sql(
  UPDATE welcome SET state = 'cancelled', phase = NULL, due_at = NULL, message = NULL, changed_at = :now WHERE id = :id
)sql";

constexpr const char* select_reported = R"sql(
  SELECT id, email_key, state, EXISTS (SELECT 1 FROM login_link AS link WHERE link.contact_id = welcome.contact_id
    AND link.generation = welcome.generation AND link.used_at IS NOT NULL)
  FROM welcome WHERE message_id = :message_id
)sql";

constexpr const char* mark_bounced = R"sql(
  UPDATE welcome SET state = 'bounced', due_at = NULL, message = NULL, reply = :reply, changed_at = :now WHERE id = :id
)sql";

constexpr const char* backlog_sql = R"sql(
  SELECT count(due_at), min(due_at), ifnull(sum(due_at IS NULL AND state <> 'sending'), 0) FROM welcome
  WHERE state IN ('queued', 'sending', 'deferred', 'uncertain')
)sql";

constexpr const char* count_due_sql = R"sql(
  SELECT count(*) FROM welcome WHERE due_at <= :now AND (:only IS NULL OR id IN (SELECT value FROM json_each(:only)))
)sql";

void cancel(Connection& database, WelcomeId id, Time now) {
  Statement statement(database, cancel_one);
  statement.bind(":id", id.value);
  bind_time(statement, ":now", now);
  statement.exec();
}

void mark_claimed(Connection& database, WelcomeId id, Time now) {
  Statement statement(database, claim_sql);
  statement.bind(":id", id.value);
  bind_time(statement, ":now", now);
  statement.exec();
}

std::vector<WelcomeId> find_due(Connection& database, Time now, int limit, const std::vector<WelcomeId>& only) {
  if (limit == 0) return {};
  Statement statement(database, select_due);
  bind_time(statement, ":now", now);
  bind_text(statement, ":only", only.empty() ? std::string() : to_json_array(only));
  statement.bind(":limit", limit);
  std::vector<WelcomeId> due;
  while (statement.executeStep()) due.push_back(WelcomeId{statement.getColumn(0).getInt64()});
  return due;
}

std::optional<Time> find_first_try(Connection& database, const Welcome& welcome) {
  Statement statement(database, select_first_try);
  statement.bind(":id", welcome.id.value);
  bind_time(statement, ":queued", welcome.queued_at);
  statement.executeStep();
  return read_optional_time(statement.getColumn(0));
}

/// Absent, and the mail cancelled, if its contact was deleted, or its link ended, while its dot was on the way.
std::optional<ClaimedWelcome> claim_one(Connection& database, WelcomeId id, Time now) {
  const auto before = select_welcome(database, id, now);
  mark_claimed(database, id, now);
  const auto welcome = select_welcome(database, id, now);
  const auto contact = welcome->contact ? select_contact_overview(database, *welcome->contact, now) : std::nullopt;
  const auto link = contact ? select_live_link(database, *welcome->contact) : std::nullopt;
  if (link && link->generation == welcome->generation) {
    return ClaimedWelcome{*welcome, *contact, *link, before->state, before->due_at, find_first_try(database, *welcome)};
  }
  cancel(database, id, now);
  return std::nullopt;
}

void insert_attempt(Connection& database, const TryRecord& record, Time now) {
  Statement attempt(database, insert_try);
  attempt.bind(":id", record.welcome.value);
  attempt.bind(":outcome", record.outcome);
  attempt.bind(":stage", record.stage);
  attempt.bind(":reply", record.reply);
  bind_time(attempt, ":now", now);
  attempt.exec();
}

/// The mail's state, if this very try is its last one and it is not being sent.
std::optional<WelcomeState> find_recorded(Connection& database, const TryRecord& record, Time now) {
  Statement statement(database, select_recorded);
  statement.bind(":id", record.welcome.value);
  statement.bind(":outcome", record.outcome);
  statement.bind(":stage", record.stage);
  statement.bind(":reply", record.reply);
  bind_time(statement, ":now", now);
  if (!statement.executeStep()) return std::nullopt;
  return parse_welcome_state(statement.getColumn(0).getString());
}

/// Empty for what is no address: a report may hold anything.
std::string key_of(const std::string& address) {
  try {
    return EmailAddress::parse(address).key();
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

void WelcomeQueueRows::in_group(const std::function<void()>& steps) {
  translated([&] {
    WriteTransaction transaction(m_database, m_path, nullptr);
    steps();
    transaction.commit();
  });
}

int WelcomeQueueRows::recover(Time now, std::optional<Time> uncertain_due) {
  return translated([&] {
    Statement undelivered(m_database, recover_undelivered);
    bind_time(undelivered, ":now", now);
    Statement uncertain(m_database, recover_uncertain);
    bind_time(uncertain, ":now", now);
    bind_time(uncertain, ":due", uncertain_due);
    undelivered.exec();
    return uncertain.exec();
  });
}

std::vector<ClaimedWelcome> WelcomeQueueRows::claim(Time now, int limit, const std::vector<WelcomeId>& only) {
  return translated([&] {
    std::vector<ClaimedWelcome> claimed;
    for (;;) {
      const auto due = find_due(m_database, now, limit - static_cast<int>(claimed.size()), only);
      if (due.empty()) return claimed;
      for (const WelcomeId id : due) {
        if (auto mail = claim_one(m_database, id, now)) claimed.push_back(std::move(*mail));
      }
    }
  });
}

void WelcomeQueueRows::release(const ClaimedWelcome& mail, Time now) {
  translated([&] {
    Statement statement(m_database, release_sql);
    statement.bind(":id", mail.welcome.id.value);
    statement.bind(":state", std::string(to_string(mail.state_before)));
    bind_time(statement, ":due", mail.due_before);
    bind_time(statement, ":now", now);
    statement.exec();
  });
}

std::int64_t WelcomeQueueRows::next_generation(ContactId contact) {
  return translated([&] { return sqlite::next_generation(m_database, contact); });
}

bool WelcomeQueueRows::renew_link(WelcomeId id, const LoginLink& link, Time now) {
  return translated([&] {
    Statement wanted(m_database, still_wanted);
    wanted.bind(":id", id.value);
    if (!wanted.executeStep()) return false;
    end_link(m_database, link.contact, LinkEnd::expired, now);
    insert_link(m_database, link, now);
    Statement statement(m_database, set_generation);
    statement.bind(":id", id.value);
    statement.bind(":generation", link.generation);
    statement.exec();
    return true;
  });
}

bool WelcomeQueueRows::begin_final_dot(WelcomeId id, Time link_expires_at, const std::string& template_hash) {
  return translated([&] {
    Statement statement(m_database, begin_dot);
    statement.bind(":id", id.value);
    bind_time(statement, ":expires", link_expires_at);
    statement.bind(":template_hash", template_hash);
    return statement.exec() == 1;
  });
}

bool WelcomeQueueRows::record(const TryRecord& record, Time now) {
  return translated([&] {
    if (const auto state = find_recorded(m_database, record, now)) return *state == record.state;
    insert_attempt(m_database, record, now);
    Statement statement(m_database, record_sql);
    statement.bind(":id", record.welcome.value);
    statement.bind(":state", std::string(to_string(record.state)));
    statement.bind(":reply", record.reply);
    bind_time(statement, ":due", record.due_at);
    bind_time(statement, ":now", now);
    return statement.executeStep() && statement.getColumn(0).getInt() == 1;
  });
}

BounceResult WelcomeQueueRows::record_bounce(const BounceReport& report, Time now) {
  return translated([&]() -> BounceResult {
    Statement reported(m_database, select_reported);
    reported.bind(":message_id", report.message_id);
    if (!reported.executeStep() || reported.getColumn(1).getString() != key_of(report.address)) return {};
    const WelcomeId id{reported.getColumn(0).getInt64()};
    const WelcomeState state = parse_welcome_state(reported.getColumn(2).getString());
    if (state == WelcomeState::bounced || reported.getColumn(3).getInt() == 1) return {BounceOutcome::already, id};
    if (state == WelcomeState::sending) return {BounceOutcome::sending, id};
    insert_attempt(m_database, {id, WelcomeState::bounced, "bounced", "report", report.text, std::nullopt}, now);
    Statement mark(m_database, mark_bounced);
    mark.bind(":id", id.value);
    mark.bind(":reply", report.text);
    bind_time(mark, ":now", now);
    mark.exec();
    return {BounceOutcome::bounced, id};
  });
}

Backlog WelcomeQueueRows::backlog() {
  return translated([&] {
    Statement statement(m_database, backlog_sql);
    statement.executeStep();
    return Backlog{statement.getColumn(0).getInt64(), read_optional_time(statement.getColumn(1)),
                   statement.getColumn(2).getInt64()};
  });
}

std::vector<WelcomeId> WelcomeQueueRows::due(Time now, int limit) {
  return translated([&] { return find_due(m_database, now, limit, {}); });
}

std::int64_t WelcomeQueueRows::count_due(Time now, const std::vector<WelcomeId>& only) {
  return translated([&] {
    Statement statement(m_database, count_due_sql);
    bind_time(statement, ":now", now);
    bind_text(statement, ":only", only.empty() ? std::string() : to_json_array(only));
    statement.executeStep();
    return statement.getColumn(0).getInt64();
  });
}

}  // namespace kundehub::sqlite
