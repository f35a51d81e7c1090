#include "core/store/sqlite/undo_rows.hpp"

#include <string_view>
#include <vector>

#include <limits>

#include <fmt/format.h>

#include "core/store/sqlite/access_rows.hpp"
#include "core/store/sqlite/person_rows.hpp"
#include "core/store/sqlite/record_images.hpp"
#include "core/store/sqlite/undo_links.hpp"
#include "core/store/sqlite/undo_plan.hpp"
#include "core/store/sqlite/values.hpp"

namespace kundehub::sqlite {
namespace {

constexpr const char* mark_brought_back = R"sql(
  INSERT INTO operation_before (operation_id, entity, entity_id, customer_id, was)
  SELECT :operation, entity, id,
    CASE entity WHEN 'customer' THEN id WHEN 'contact' THEN json_extract(image, '$.customer_id') END, 'null'
  FROM undo_record WHERE step = 'insert'
)sql";

constexpr const char* planned_customers = "SELECT id FROM undo_record WHERE entity = 'customer' AND step <> 'insert'";
constexpr const char* planned_contacts = "SELECT id FROM undo_record WHERE entity = 'contact' AND step <> 'insert'";
constexpr const char* planned_modules = "SELECT id FROM undo_record WHERE entity = 'module' AND step <> 'insert'";
constexpr const char* going_contacts = "SELECT id FROM undo_record WHERE entity = 'contact' AND step = 'delete'";

// Their numbers lead to the other one no longer.
constexpr const char* merged_with = R"sql(
  SELECT into_id FROM merged_customer
  WHERE merged_customer.id IN (SELECT id FROM undo_record WHERE entity = 'customer' AND step = 'insert')
)sql";

// What is unique may change hands among the records of the plan: nobody holds it meanwhile.
constexpr const char* let_go[] = {
    "UPDATE customer SET number = '~' || id "
    "WHERE id IN (SELECT id FROM undo_record WHERE entity = 'customer' AND step = 'delete')",
    "UPDATE module SET key = '~' || id "
    "WHERE id IN (SELECT id FROM undo_record WHERE entity = 'module' AND step = 'delete')",
    "UPDATE contact SET email_key = NULL "
    "WHERE id IN (SELECT id FROM undo_record WHERE entity = 'contact' AND step <> 'insert')",
};

constexpr const char* write_modules = R"sql(
  INSERT INTO module (id, key, title_da, title_en)
  SELECT id, image ->> 'key', image ->> 'title_da', image ->> 'title_en' FROM undo_record
  WHERE entity = 'module' AND step <> 'delete'
  ON CONFLICT (id) DO UPDATE SET title_da = excluded.title_da, title_en = excluded.title_en
)sql";

constexpr const char* write_customers = R"sql(
  INSERT INTO customer (id, number, kind, name, cvr, email, email_key, phone, address, zip, city, country, language,
                        website, notes, hub, hub_changed_at, created_at, updated_at, archived_at)
  SELECT id, image ->> 'number', image ->> 'kind', image ->> 'name', image ->> 'cvr', image ->> 'email',
    image ->> 'email_key', image ->> 'phone', image ->> 'address', image ->> 'zip', image ->> 'city',
    image ->> 'country', image ->> 'language', image ->> 'website', image ->> 'notes', image ->> 'hub',
    image ->> 'hub_changed_at', image ->> 'created_at', image ->> 'updated_at', image ->> 'archived_at'
  FROM undo_record WHERE entity = 'customer' AND step <> 'delete'
  ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, cvr = excluded.cvr,
    email = excluded.email, email_key = excluded.email_key, phone = excluded.phone, address = excluded.address,
    zip = excluded.zip, city = excluded.city, country = excluded.country, language = excluded.language,
    website = excluded.website, notes = excluded.notes, hub = excluded.hub, hub_changed_at = excluded.hub_changed_at,
    updated_at = excluded.updated_at, archived_at = excluded.archived_at
)sql";

constexpr const char* write_contacts = R"sql(
  INSERT INTO contact (id, customer_id, first_name, last_name, email, email_key, email_changed_at, phone, title,
                       language, hub, hub_changed_at, is_primary, created_at, updated_at, is_limited)
  SELECT id, image ->> 'customer_id', image ->> 'first_name', image ->> 'last_name', image ->> 'email',
    image ->> 'email_key', image ->> 'email_changed_at', image ->> 'phone', image ->> 'title', image ->> 'language',
    image ->> 'hub', image ->> 'hub_changed_at', image ->> 'is_primary', image ->> 'created_at',
    image ->> 'updated_at', ifnull(image ->> 'is_limited', 0)
  FROM undo_record WHERE entity = 'contact' AND step <> 'delete'
  ON CONFLICT (id) DO UPDATE SET customer_id = excluded.customer_id, first_name = excluded.first_name,
    last_name = excluded.last_name, email = excluded.email, email_key = excluded.email_key,
    email_changed_at = excluded.email_changed_at, phone = excluded.phone, title = excluded.title,
    language = excluded.language, hub = excluded.hub, hub_changed_at = excluded.hub_changed_at,
    is_primary = excluded.is_primary, updated_at = excluded.updated_at, is_limited = excluded.is_limited
)sql";

// A module that is deleted since stays so.
constexpr const char* write_lists[] = {
    "DELETE FROM customer_tag WHERE customer_id IN "
    "(SELECT id FROM undo_record WHERE entity = 'customer' AND step = 'change')",
    "INSERT INTO customer_tag (customer_id, tag) SELECT undo_record.id, value FROM undo_record, json_each(image, "
    "'$.tags') "
    "WHERE entity = 'customer' AND step <> 'delete'",
    "DELETE FROM customer_module WHERE customer_id IN "
    "(SELECT id FROM undo_record WHERE entity = 'customer' AND step = 'change')",
    "INSERT INTO customer_module (customer_id, module_id) "
    "SELECT undo_record.id, module.id FROM undo_record, json_each(image, '$.modules') JOIN module ON module.id = value "
    "WHERE entity = 'customer' AND step <> 'delete'",
    "DELETE FROM contact_module WHERE contact_id IN "
    "(SELECT id FROM undo_record WHERE entity = 'contact' AND step = 'change')",
    "INSERT INTO contact_module (contact_id, module_id) "
    "SELECT undo_record.id, module.id FROM undo_record, json_each(image, '$.modules') JOIN module ON module.id = value "
    "WHERE entity = 'contact' AND step <> 'delete'",
    "INSERT OR IGNORE INTO customer_module (customer_id, module_id) "
    "SELECT customer.id, undo_record.id FROM undo_record, json_each(image, '$.customers') "
    "JOIN customer ON customer.id = value WHERE entity = 'module' AND step = 'insert'",
    "INSERT OR IGNORE INTO contact_module (contact_id, module_id) "
    "SELECT contact.id, undo_record.id FROM undo_record, json_each(image, '$.contacts') "
    "JOIN contact ON contact.id = value WHERE entity = 'module' AND step = 'insert'",
};

constexpr const char* delete_records[] = {
    "DELETE FROM contact WHERE id IN (SELECT id FROM undo_record WHERE entity = 'contact' AND step = 'delete')",
    "DELETE FROM customer WHERE id IN (SELECT id FROM undo_record WHERE entity = 'customer' AND step = 'delete')",
    "DELETE FROM module WHERE id IN (SELECT id FROM undo_record WHERE entity = 'module' AND step = 'delete')",
};

constexpr const char* write_merged[] = {
    "DELETE FROM merged_customer WHERE id IN (SELECT id FROM customer)",
    "DELETE FROM merged_customer WHERE into_id IN "
    "(SELECT id FROM undo_record WHERE entity = 'customer' AND step = 'change')",
    "INSERT OR REPLACE INTO merged_customer (id, number, into_id) "
    "SELECT value ->> 'id', value ->> 'number', undo_record.id FROM undo_record, json_each(image, '$.merged') "
    "WHERE entity = 'customer' AND step <> 'delete' AND value ->> 'id' NOT IN (SELECT id FROM customer)",
};

constexpr const char* create_admitted = "CREATE TEMP TABLE IF NOT EXISTS undo_admitted (id INTEGER PRIMARY KEY)";

constexpr const char* insert_admitted = R"sql(
  INSERT INTO undo_admitted (id)
  SELECT contact.id FROM contact JOIN customer ON customer.id = contact.customer_id WHERE contact.id IN ({}) AND {}
)sql";

constexpr const char* select_readmitted = R"sql(
  SELECT contact.id FROM contact JOIN customer ON customer.id = contact.customer_id
  WHERE contact.id IN ({}) AND {} AND contact.id NOT IN (SELECT id FROM undo_admitted) ORDER BY contact.id
)sql";

constexpr const char* count_shut_out = R"sql(
  SELECT count(*) FROM contact JOIN customer ON customer.id = contact.customer_id
  WHERE contact.id IN ({}) AND {} AND NOT {} AND EXISTS (
    SELECT 1 FROM login_link WHERE contact_id = contact.id AND email_key = contact.email_key AND ended_at IS NOT NULL)
)sql";

// Who came back leaves the mark to whoever has got it meanwhile.
constexpr const char* give_way = R"sql(
  UPDATE contact SET is_primary = 0
  WHERE is_primary = 1 AND id IN (SELECT id FROM undo_record WHERE entity = 'contact' AND step = 'insert')
    AND EXISTS (SELECT 1 FROM contact AS other WHERE other.customer_id = contact.customer_id AND other.is_primary = 1
                  AND other.id NOT IN (SELECT id FROM undo_record WHERE entity = 'contact'))
)sql";

// As when a contact is deleted, the first one left is the primary one.
constexpr const char* heirs = R"sql(
  SELECT min(contact.id) FROM contact JOIN customer ON customer.id = contact.customer_id WHERE {}
  GROUP BY customer.id HAVING sum(is_primary) = 0
)sql";

/// The steps of one undo, with what they all need.
class Applying {
 public:
  Applying(Connection& database, const Undoing& undoing) : m_database(database), m_undoing(undoing) {}

  void keep() {
    keep_all_before(m_database, m_undoing.undo, Entity::customer, planned_customers);
    keep_all_before(m_database, m_undoing.undo, Entity::customer, merged_with);
    keep_all_before(m_database, m_undoing.undo, Entity::contact, planned_contacts);
    keep_all_before(m_database, m_undoing.undo, Entity::module, planned_modules);
    keep_all_history(m_database, m_undoing.undo, going_contacts);
    run(mark_brought_back);
  }

  void write() {
    run_all(let_go);
    for (const char* sql : {write_modules, write_customers, write_contacts}) run(sql);
    run_all(write_lists);
    bring_back_history(m_database, m_undoing.at);
    run_all(delete_records);
    run_all(write_merged);
  }

  void remember_admitted() {
    m_database.exec(create_admitted);
    m_database.exec("DELETE FROM undo_admitted");
    Statement statement(m_database, fmt::format(insert_admitted, touched_contacts, may_log_in()));
    bind_time(statement, ":now", m_undoing.at);
    statement.exec();
  }

  void appoint_primary() {
    run(give_way);
    const std::string ids = fmt::format(heirs, undo_customers);
    keep_all_before(m_database, m_undoing.undo, Entity::contact, ids.c_str());
    run(fmt::format("UPDATE contact SET is_primary = 1 WHERE id IN ({})", ids).c_str());
  }

  std::int64_t count_without_way_in() {
    Statement statement(m_database, fmt::format(count_shut_out, touched_contacts, has_access, may_log_in()));
    bind_time(statement, ":now", m_undoing.at);
    statement.executeStep();
    return statement.getColumn(0).getInt64();
  }

  std::vector<ContactId> find_readmitted() {
    Statement statement(m_database, fmt::format(select_readmitted, touched_contacts, may_log_in()));
    bind_time(statement, ":now", m_undoing.at);
    std::vector<ContactId> found;
    while (statement.executeStep()) found.push_back(ContactId{statement.getColumn(0).getInt64()});
    return found;
  }

 private:
  void run(const char* sql) {
    Statement statement(m_database, sql);
    if (std::string_view(sql).find(":operation") != std::string_view::npos)
      statement.bind(":operation", m_undoing.undo.value);
    statement.exec();
  }

  template <std::size_t Size>
  void run_all(const char* const (&statements)[Size]) {
    for (const char* sql : statements) run(sql);
  }

  Connection& m_database;
  const Undoing& m_undoing;
};

bool is_undone(Connection& database, std::int64_t operation) {
  Statement statement(database, "SELECT id FROM operation WHERE undoes = :id");
  statement.bind(":id", operation);
  std::vector<std::int64_t> undos;
  while (statement.executeStep()) undos.push_back(statement.getColumn(0).getInt64());
  for (const std::int64_t undo : undos) {
    if (!is_undone(database, undo)) return true;
  }
  return false;
}

// What changed no record leaves nothing to take back, but for a link for an admin.
constexpr const char* select_candidates = R"sql(
  SELECT id FROM operation WHERE undoes IS NULL AND actor = :actor AND id < :before
    AND (EXISTS (SELECT 1 FROM operation_before WHERE operation_id = operation.id)
         OR EXISTS (SELECT 1 FROM operation_created WHERE operation_id = operation.id)
         OR EXISTS (SELECT 1 FROM open_link WHERE operation_id = operation.id AND used_at IS NULL AND ended_at IS NULL))
  ORDER BY id DESC
)sql";

}  // namespace

void apply_undo(Connection& database, const Undoing& undoing, UndoResult& result) {
  Applying applying(database, undoing);
  applying.remember_admitted();
  applying.keep();
  cancel_going_mails(database, undoing, result);
  applying.write();
  applying.appoint_primary();
  end_lost_invitations(database, undoing, result);
  result.readmitted = applying.find_readmitted();
  result.without_way_in = applying.count_without_way_in();
}

std::optional<OperationId> select_undoable(Connection& database, const std::string& actor,
                                           std::optional<OperationId> before) {
  Statement statement(database, select_candidates);
  statement.bind(":actor", actor);
  statement.bind(":before", before ? before->value : std::numeric_limits<std::int64_t>::max());
  while (statement.executeStep()) {
    const std::int64_t id = statement.getColumn(0).getInt64();
    if (!is_undone(database, id) && !is_erasure(database, OperationId{id})) return OperationId{id};
  }
  return std::nullopt;
}

void set_undoes(Connection& database, const Undoing& undoing) {
  Statement statement(database, "UPDATE operation SET undoes = :undone WHERE id = :undo");
  statement.bind(":undone", undoing.undone.value);
  statement.bind(":undo", undoing.undo.value);
  statement.exec();
}

}  // namespace kundehub::sqlite
