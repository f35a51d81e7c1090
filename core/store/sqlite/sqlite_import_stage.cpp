#include "core/store/sqlite/sqlite_import_stage.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

constexpr const char* insert_place = "INSERT INTO staging.place (position, row, line, marks) VALUES (?1, ?2, ?3, ?4)";

constexpr const char* select_place = R"sql(
  SELECT row + :position - position, line + :position - position, marks FROM staging.place
  WHERE position <= :position ORDER BY position DESC LIMIT 1
)sql";

constexpr const char* insert_text = "INSERT OR REPLACE INTO staging.row_text (row, text) VALUES (:row, :text)";

constexpr const char* insert_rejected = R"sql(
  INSERT OR IGNORE INTO staging.rejected (row, line, kind, reason, number, cvr, email_key, text)
  VALUES (:row, :line, :kind, :reason, :number, :cvr, :email_key,
          coalesce(nullif(:text, ''), (SELECT text FROM staging.row_text WHERE row = :row), ''))
)sql";

constexpr const char* select_rejected = "SELECT row, line, kind, reason, text FROM staging.rejected ORDER BY row";

constexpr const char* doubles_by_number = R"sql(
  SELECT first, id FROM (SELECT id, number, min(id) OVER (PARTITION BY length(number), number) AS first
                         FROM staging.customer)
  WHERE id > first ORDER BY first, id
)sql";

// By a key's column.
constexpr const char* doubles_by_key = R"sql(
  SELECT first, id FROM (SELECT id, min(id) OVER (PARTITION BY {0}) AS first FROM staging.customer
                         WHERE {0} IS NOT NULL)
  WHERE id > first ORDER BY first, id
)sql";

// By a key's column, for a kind: who has no number goes with who has one, or else with the first.
constexpr const char* unnumbered_by_key = R"sql(
  SELECT min(other.id), staged.id FROM staging.customer AS staged JOIN staging.customer AS other USING ({0})
  WHERE staged.number GLOB '[?]*' AND staged.kind = '{1}' AND other.kind = '{1}'
    AND (other.number NOT GLOB '[?]*' OR other.id < staged.id)
  GROUP BY staged.id ORDER BY staged.id
)sql";

constexpr const char* companions_by_number = R"sql(
  SELECT staged.id, min(rejected.row) FROM staging.rejected JOIN staging.customer AS staged
    ON length(staged.number) = length(rejected.number)
    AND staged.number BETWEEN rejected.number AND rejected.number
  WHERE rejected.number <> '' GROUP BY staged.id ORDER BY staged.id
)sql";
constexpr const char* companions_by_cvr = R"sql(
  SELECT staged.id, min(rejected.row) FROM staging.rejected JOIN staging.customer AS staged USING (cvr)
  WHERE rejected.cvr <> '' AND (:all OR staged.number GLOB '[?]*' OR rejected.number = '')
  GROUP BY staged.id ORDER BY staged.id
)sql";
constexpr const char* companions_by_email = R"sql(
  SELECT staged.id, min(rejected.row) FROM staging.rejected JOIN staging.customer AS staged USING (email_key)
  WHERE rejected.email_key <> ''
    AND (:all OR (staged.kind = 'private' AND (staged.number GLOB '[?]*' OR rejected.number = '')))
  GROUP BY staged.id ORDER BY staged.id
)sql";

// Until the real database's index over them can be made.
constexpr const char* index_contacts = "CREATE INDEX IF NOT EXISTS staging.contact_customer ON contact (customer_id)";

constexpr const char* select_positions = R"sql(
  SELECT :id AS position UNION SELECT id FROM staging.contact WHERE customer_id = :id ORDER BY position
)sql";

constexpr const char* move_contacts = R"sql(
  UPDATE staging.contact SET customer_id = :first, is_primary = is_primary AND :keep WHERE customer_id = :later
)sql";

constexpr const char* double_contacts = R"sql(
  SELECT customer_id, min(email) FROM staging.contact WHERE email_key IS NOT NULL
  GROUP BY customer_id, email_key HAVING count(*) > 1 ORDER BY customer_id
)sql";

constexpr const char* double_primaries = R"sql(
  SELECT customer_id FROM staging.contact WHERE is_primary GROUP BY customer_id HAVING count(*) > 1
)sql";

constexpr const char* select_sample = R"sql(
  SELECT id FROM staging.customer WHERE id NOT IN (SELECT position FROM staging.matched) ORDER BY id LIMIT :limit
)sql";

/// With all that belongs to it: foreign keys may be off.
void remove_customer(Connection& database, StagedId id) {
  for (const char* sql :
       {"DELETE FROM staging.contact WHERE customer_id = :id",
        "DELETE FROM staging.customer_tag WHERE customer_id = :id",
        "DELETE FROM staging.customer_module WHERE customer_id = :id",
        "DELETE FROM staging.matched WHERE position = :id", "DELETE FROM staging.customer WHERE id = :id"}) {
    Statement statement(database, sql);
    statement.bind(":id", id.value);
    statement.exec();
  }
}

bool has_primary(const std::vector<StagedContact>& contacts) {
  return std::any_of(contacts.begin(), contacts.end(), [](const StagedContact& one) { return one.data.primary; });
}

}  // namespace

SqliteImportStage::SqliteImportStage(Connection& database, Time at, AddressHasher hasher)
    : m_database(database), m_at(at), m_hasher(std::move(hasher)) {
  attach_staging(database);
  m_rows.emplace(database, at);
  m_place.emplace(database, insert_place);
  database.exec("BEGIN");  // touches the real database in no way until it is named
}

SqliteImportStage::~SqliteImportStage() {
  m_rows.reset();
  m_place.reset();
  if (sqlite3_get_autocommit(m_database.getHandle()) == 0) m_database.tryExec("ROLLBACK");
  m_database.tryExec("PRAGMA foreign_keys = ON");
  detach_staging(m_database);
}

/// The next id, with its place in the file.
std::int64_t SqliteImportStage::next_position(const RowPlace& place, std::int64_t marks) {
  ++m_position;
  const RowPlace ahead{place.row - m_position, place.line - m_position};
  if (ahead.row == m_run.row && ahead.line == m_run.line && marks == m_run_marks) return m_position;
  m_run = ahead;
  m_run_marks = marks;
  m_place->bind(1, m_position);
  m_place->bind(2, place.row);
  m_place->bind(3, place.line);
  m_place->bind(4, marks);
  m_place->exec();
  m_place->reset();
  return m_position;
}

void SqliteImportStage::keep_text(const RowPlace& place, std::string_view text) {
  if (text.empty()) return;
  Statement statement(m_database, insert_text);
  statement.bind(":row", place.row);
  statement.bind(":text", std::string(text));
  statement.exec();
}

StagedId SqliteImportStage::add(const StagedCustomer& customer, std::string_view text) {
  return translated([&] {
    // A customer and its first contact share a position: so each row of most files has one, and they make long runs.
    const auto& contacts = customer.contacts;
    const std::int64_t marks = customer.marks | (contacts.empty() ? 0 : contacts.front().marks);
    const StagedId id{next_position(customer.place, marks)};
    if (customer.number) m_highest_number = std::max(m_highest_number, customer.number->counter_value().value_or(0));
    m_has_unnumbered = m_has_unnumbered || !customer.number;
    m_rows->add_customer(id, customer);
    for (std::size_t i = 0; i < contacts.size(); ++i) {
      const std::int64_t position = i == 0 ? id.value : next_position(customer.place, contacts[i].marks);
      m_rows->add_contact(position, id, contacts[i].data);
    }
    m_lacks_primary = m_lacks_primary || contacts.empty() || !has_primary(contacts);
    keep_text(customer.place, text);
    return id;
  });
}

void SqliteImportStage::add_contacts(StagedId customer, const RowPlace& place,
                                     const std::vector<StagedContact>& contacts, std::string_view text) {
  translated([&] {
    for (const StagedContact& contact : contacts)
      m_rows->add_contact(next_position(place, contact.marks), customer, contact.data);
    keep_text(place, text);
  });
}

void SqliteImportStage::reject(const RowRejection& rejection) {
  translated([&] {
    Statement statement(m_database, insert_rejected);
    statement.bind(":row", rejection.place.row);
    statement.bind(":line", rejection.place.line);
    statement.bind(":kind", static_cast<int>(rejection.kind));
    statement.bind(":reason", rejection.reason);
    statement.bind(":number", rejection.number);
    statement.bind(":cvr", rejection.cvr);
    statement.bind(":email_key", rejection.email_key);
    statement.bind(":text", rejection.text);
    m_rejected += statement.exec();
  });
}

void SqliteImportStage::finish_collecting() {
  translated([&] {
    m_rows->flush();
    m_rows.reset();
    m_place.reset();
    m_database.exec("COMMIT");
  });
}

void SqliteImportStage::each_double(MatchKey key, const std::function<void(StagedId, StagedId)>& visit) {
  translated([&] {
    const auto visit_all = [&](const std::string& sql) {
      const auto found = read_pairs(Statement(m_database, sql));
      if (!found.empty()) m_database.exec(index_contacts);
      for (const auto& [first, later] : found) visit(StagedId{first}, StagedId{later});
    };
    // A number is unique in any case; that its index can be made shows it at the least cost.
    if (!make_staging_index(m_database, "customer_number")) {
      visit_all(doubles_by_number);
      make_staging_index(m_database, "customer_number");
    }
    if (key == MatchKey::cvr) visit_all(fmt::format(doubles_by_key, "cvr"));
    if (key == MatchKey::email) visit_all(fmt::format(doubles_by_key, "email_key"));
    if (key == MatchKey::identity && m_has_unnumbered) {
      make_staging_index(m_database, "customer_cvr");
      make_staging_index(m_database, "customer_email");
      visit_all(fmt::format(unnumbered_by_key, "cvr", "business"));
      visit_all(fmt::format(unnumbered_by_key, "email_key", "private"));
    }
  });
}

void SqliteImportStage::join(StagedId first, StagedId later, PrimaryMarks marks) {
  translated([&] {
    Statement move(m_database, move_contacts);
    move.bind(":first", first.value);
    move.bind(":later", later.value);
    move.bind(":keep", marks == PrimaryMarks::keep ? 1 : 0);
    move.exec();
    m_lacks_primary = true;
    remove_customer(m_database, later);
    m_has_removed = true;
  });
}

void SqliteImportStage::each_double_contact(const std::function<void(StagedId, const std::string&)>& visit) {
  translated([&] {
    if (make_staging_index(m_database, "contact_customer_email")) return;
    m_database.exec(index_contacts);
    std::vector<std::pair<StagedId, std::string>> found;
    for (Statement statement(m_database, double_contacts); statement.executeStep();)
      found.emplace_back(StagedId{statement.getColumn(0).getInt64()}, statement.getColumn(1).getString());
    for (const auto& [id, address] : found) visit(id, address);
    make_staging_index(m_database, "contact_customer_email");
  });
}

void SqliteImportStage::each_double_primary(const std::function<void(StagedId)>& visit) {
  translated([&] {
    std::vector<StagedId> found;
    for (Statement statement(m_database, double_primaries); statement.executeStep();)
      found.push_back(StagedId{statement.getColumn(0).getInt64()});
    for (const StagedId id : found) visit(id);
  });
}

void SqliteImportStage::each_companion(MatchKey key, const std::function<void(StagedId, std::int64_t)>& visit) {
  translated([&] {
    if (m_rejected == 0) return;
    m_database.exec(index_contacts);
    const auto visit_all = [&](Statement statement) {
      for (const auto& [id, row] : read_pairs(std::move(statement))) visit(StagedId{id}, row);
    };
    visit_all(Statement(m_database, companions_by_number));
    for (const auto& [own_key, index, sql] : {std::tuple{MatchKey::cvr, "customer_cvr", companions_by_cvr},
                                              {MatchKey::email, "customer_email", companions_by_email}}) {
      if (key != own_key && key != MatchKey::identity) continue;
      make_staging_index(m_database, index);
      Statement statement(m_database, sql);
      statement.bind(":all", key == own_key ? 1 : 0);
      visit_all(std::move(statement));
    }
  });
}

StagedCustomer SqliteImportStage::customer(StagedId id) {
  return translated([&] { return placed_customer(id); });
}

StagedCustomer SqliteImportStage::placed_customer(StagedId id) {
  StagedCustomer customer = read_staged_customer(m_database, id);
  Statement place(m_database, select_place);
  place.bind(":position", id.value);
  place.executeStep();
  customer.place = {place.getColumn(0).getInt64(), place.getColumn(1).getInt64()};
  customer.marks = place.getColumn(2).getInt64();
  for (StagedContact& contact : customer.contacts) {
    place.reset();
    place.bind(":position", contact.marks);
    place.executeStep();
    contact.marks = place.getColumn(2).getInt64();
  }
  return customer;
}

void SqliteImportStage::reject_customer(StagedId id, ErrorKind kind, const std::string& reason, OtherRows others) {
  translated([&] {
    const StagedCustomer customer = placed_customer(id);
    std::vector<std::int64_t> positions;
    Statement rows(m_database, select_positions);
    rows.bind(":id", id.value);
    while (rows.executeStep()) positions.push_back(rows.getColumn(0).getInt64());
    for (const std::int64_t position : positions) {
      Statement place(m_database, select_place);
      place.bind(":position", position);
      place.executeStep();
      const RowPlace at{place.getColumn(0).getInt64(), place.getColumn(1).getInt64()};
      RowRejection rejection{at, kind, tr("goes with row {}, which is rejected", customer.place.row), {}, {}, {}};
      if (at.row == customer.place.row) rejection.reason = reason;
      if (others == OtherRows::go_too) {
        if (customer.number) rejection.number = customer.number->text();
        if (customer.data.cvr) rejection.cvr = customer.data.cvr->text();
        if (customer.data.email) rejection.email_key = customer.data.email->key();
      }
      reject(rejection);
    }
    remove_customer(m_database, id);
    m_has_removed = true;
  });
}

std::vector<StagedCustomer> SqliteImportStage::sample(int limit) {
  return translated([&] {
    Statement statement(m_database, select_sample);
    statement.bind(":limit", limit);
    std::vector<StagedCustomer> customers;
    while (statement.executeStep()) customers.push_back(placed_customer(StagedId{statement.getColumn(0).getInt64()}));
    return customers;
  });
}

void SqliteImportStage::each_rejection(const std::function<void(const RowRejection&)>& visit) {
  translated([&] {
    for (Statement statement(m_database, select_rejected); statement.executeStep();) {
      visit({{statement.getColumn(0).getInt64(), statement.getColumn(1).getInt64()},
             static_cast<ErrorKind>(statement.getColumn(2).getInt()),
             statement.getColumn(3).getString(),
             statement.getColumn(4).getString(),
             {},
             {}});
    }
  });
}

}  // namespace kundehub::sqlite
