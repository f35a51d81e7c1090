#include "core/store/sqlite/undo_plan.hpp"

#include <array>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/undo_merge.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

constexpr std::size_t told_conflicts = 100;

constexpr const char* create_table = R"sql(
  CREATE TEMP TABLE IF NOT EXISTS undo_record (
    entity TEXT NOT NULL, id INTEGER NOT NULL, step TEXT NOT NULL, image TEXT, PRIMARY KEY (entity, id)) WITHOUT ROWID
)sql";

constexpr const char* create_customers = "CREATE TEMP TABLE IF NOT EXISTS undo_customer (id INTEGER PRIMARY KEY)";

constexpr const char* insert_customers = R"sql(
  INSERT INTO undo_customer (id)
  SELECT id FROM undo_record WHERE entity = 'customer' AND step <> 'delete'
  UNION SELECT image ->> 'customer_id' FROM undo_record WHERE entity = 'contact' AND step <> 'delete'
  UNION SELECT contact.customer_id FROM undo_record AS own JOIN contact ON contact.id = own.id
    LEFT JOIN undo_record AS owner ON owner.entity = 'customer' AND owner.id = contact.customer_id
    WHERE own.entity = 'contact' AND ifnull(owner.step, '') <> 'delete'
)sql";

constexpr std::array entities{Entity::module, Entity::customer, Entity::contact};

// A range has gaps where records have been deleted since.
constexpr const char* plan_ranges = R"sql(
  INSERT OR IGNORE INTO undo_record (entity, id, step)
  SELECT made.entity, customer.id, 'delete' FROM operation_created AS made
    JOIN customer ON customer.id BETWEEN first_id AND last_id
    WHERE operation_id = :operation AND made.entity = 'customer'
  UNION ALL
  SELECT made.entity, contact.id, 'delete' FROM operation_created AS made
    JOIN contact ON contact.id BETWEEN first_id AND last_id
    WHERE operation_id = :operation AND made.entity = 'contact'
  UNION ALL
  SELECT made.entity, module.id, 'delete' FROM operation_created AS made
    JOIN module ON module.id BETWEEN first_id AND last_id
    WHERE operation_id = :operation AND made.entity = 'module'
)sql";

// What an undo brought back counts as made by it.
constexpr const char* plan_brought_back = R"sql(
  INSERT OR IGNORE INTO undo_record (entity, id, step)
  SELECT entity, entity_id, 'delete' FROM operation_before AS back
  WHERE operation_id = :operation AND was = 'null' AND CASE entity
    WHEN 'customer' THEN EXISTS (SELECT 1 FROM customer WHERE id = entity_id)
    WHEN 'contact' THEN EXISTS (SELECT 1 FROM contact WHERE id = entity_id)
    WHEN 'module' THEN EXISTS (SELECT 1 FROM module WHERE id = entity_id) END
)sql";

constexpr const char* select_touched_since = R"sql(
  SELECT id FROM undo_record AS planned WHERE entity = :entity AND step = 'delete' AND EXISTS (
    SELECT 1 FROM operation_before AS later WHERE later.entity = planned.entity AND later.entity_id = planned.id
      AND later.operation_id > :operation)
)sql";

constexpr const char* select_before = R"sql(
  SELECT entity_id, was FROM operation_before
  WHERE operation_id = :operation AND entity = :entity AND entity_id > :after AND was <> 'null'
  ORDER BY entity_id LIMIT 500
)sql";

// Contacts that would go with a customer although the operation did not make them, and that do not go elsewhere.
constexpr const char* select_added = R"sql(
  SELECT contact.id FROM undo_record AS owner JOIN contact ON contact.customer_id = owner.id
  LEFT JOIN undo_record AS own ON own.entity = :entity AND own.id = contact.id
  WHERE owner.entity = 'customer' AND owner.step = 'delete' AND ifnull(own.step, '') <> 'delete'
    AND (own.id IS NULL OR EXISTS (
      SELECT 1 FROM undo_record AS target WHERE target.entity = 'customer' AND target.step = 'delete'
        AND target.id = json_extract(own.image, '$.customer_id')))
)sql";

// Contacts that would go, with what came of them: a mail of a later operation that has left, a login.
constexpr const char* select_reached = R"sql(
  SELECT id FROM undo_record AS planned WHERE entity = :entity AND step = 'delete' AND (
    EXISTS (SELECT 1 FROM login WHERE contact_id = planned.id
              AND at > (SELECT at FROM operation WHERE id = :operation))
    OR EXISTS (SELECT 1 FROM welcome WHERE contact_id = planned.id AND operation_id > :operation
                 AND link_out_until IS NOT NULL))
)sql";

constexpr const char* put_sql = R"sql(
  INSERT OR REPLACE INTO undo_record (entity, id, step, image) VALUES (:entity, :id, :step, :image)
)sql";

/// A query for what stands in the way, and how it is told: what comes back, and what is in its way.
struct Obstacle {
  const char *sql, *text, *hint;
};

constexpr std::array obstacles{
    Obstacle{R"sql(
      SELECT json_extract(image, '$.number'), customer.id FROM undo_record JOIN customer
        ON length(number) = length(json_extract(image, '$.number'))
        AND number BETWEEN json_extract(image, '$.number') AND json_extract(image, '$.number')
      WHERE entity = 'customer' AND step = 'insert'
        AND NOT EXISTS (SELECT 1 FROM undo_record AS own
                        WHERE own.entity = 'customer' AND own.id = customer.id AND own.step = 'delete') LIMIT 1
    )sql",
             translatable("the customer number {} has been given to another customer since"),
             "kundehub customer show id:{}"},
    Obstacle{R"sql(
      SELECT json_extract(image, '$.key'), module.key FROM undo_record
        JOIN module ON module.key = json_extract(image, '$.key') AND module.id <> undo_record.id
      WHERE entity = 'module' AND step = 'insert'
        AND NOT EXISTS (SELECT 1 FROM undo_record AS own
                        WHERE own.entity = 'module' AND own.id = module.id AND own.step = 'delete') LIMIT 1
    )sql",
             translatable("there is another module {} since"), "kundehub module delete {}"},
    Obstacle{R"sql(
      SELECT ifnull(json_extract(image, '$.email'), json_extract(image, '$.first_name')),
        json_extract(image, '$.customer_id') FROM undo_record
      WHERE entity = 'contact' AND step <> 'delete'
        AND json_extract(image, '$.customer_id') NOT IN (SELECT id FROM customer)
        AND json_extract(image, '$.customer_id') NOT IN (SELECT id FROM undo_record
                                                         WHERE entity = 'customer' AND step = 'insert') LIMIT 1
    )sql",
             translatable("the customer of the contact {} has been deleted since"),
             translatable("undo that first: kundehub log --customer id:{}")},
    Obstacle{R"sql(
      SELECT image ->> 'cvr', image ->> 'number' FROM undo_record
      WHERE entity = 'customer' AND image ->> 'kind' = 'private' AND image ->> 'cvr' IS NOT NULL LIMIT 1
    )sql",
             translatable("the customer has the CVR number {} since, which a private one has not"),
             "kundehub customer edit {} --unset cvr"},
    Obstacle{R"sql(
      SELECT json_extract(planned.image, '$.email'), contact.id FROM undo_record AS planned JOIN contact
        ON contact.customer_id = json_extract(planned.image, '$.customer_id')
        AND contact.email_key = json_extract(planned.image, '$.email_key') AND contact.id <> planned.id
      WHERE planned.entity = 'contact' AND planned.step <> 'delete' AND NOT EXISTS (
        SELECT 1 FROM undo_record AS own WHERE own.entity = 'contact' AND own.id = contact.id
          AND (own.step = 'delete'
               OR json_extract(own.image, '$.email_key') IS NOT json_extract(planned.image, '$.email_key')
               OR json_extract(own.image, '$.customer_id') <> json_extract(planned.image, '$.customer_id'))) LIMIT 1
    )sql",
             translatable("the address {} belongs to another contact of the customer since"),
             "kundehub contact show contact:{}"},
};

RecordImage parse(const std::optional<std::string>& image) {
  return image ? RecordImage::parse(*image) : RecordImage();
}

}  // namespace

Error refusal_of_erasure(OperationId undone) {
  return Error(ErrorKind::conflict, tr("op:{} cannot be undone: a person whose data it held was erased", undone.value),
               fmt::format("kundehub log op:{}", undone.value));
}

UndoPlan::UndoPlan(Connection& database, OperationId undone, Time at)
    : m_database(database), m_undone(undone), m_at(at), m_fields(database) {
  m_database.exec(create_table);
  m_database.exec("DELETE FROM undo_record");
  plan_created();
  for (const Entity entity : entities) {
    find_changed(entity);
    plan_others(entity);
  }
  find_added();
  find_reached();
  list_customers();
}

UndoPlan::~UndoPlan() {
  m_database.tryExec("DELETE FROM undo_record");
}

std::int64_t UndoPlan::count(const char* step) {
  Statement statement(m_database, "SELECT count(*) FROM undo_record WHERE step = :step");
  statement.bind(":step", step);
  statement.executeStep();
  return statement.getColumn(0).getInt64();
}

void UndoPlan::check_room() {
  for (const Obstacle& obstacle : obstacles) {
    Statement statement(m_database, obstacle.sql);
    if (!statement.executeStep()) continue;
    throw Error(
        ErrorKind::conflict,
        tr("op:{} cannot be undone: {}", m_undone.value, tr_pattern(obstacle.text, statement.getColumn(0).getString())),
        tr_pattern(obstacle.hint, statement.getColumn(1).getString()));
  }
}

void UndoPlan::plan_created() {
  for (const char* sql : {plan_ranges, plan_brought_back}) {
    Statement statement(m_database, sql);
    statement.bind(":operation", m_undone.value);
    statement.exec();
  }
}

void UndoPlan::plan_others(Entity entity) {
  std::vector<std::pair<std::int64_t, std::string>> befores;
  std::int64_t after_id = -1;
  do {
    befores.clear();
    Statement statement(m_database, select_before);
    statement.bind(":operation", m_undone.value);
    statement.bind(":entity", to_text(entity));
    statement.bind(":after", after_id);
    while (statement.executeStep())
      befores.emplace_back(statement.getColumn(0).getInt64(), statement.getColumn(1).getString());
    statement.reset();
    for (const auto& [id, was] : befores) plan_other(entity, id, RecordImage::parse(was));
    if (!befores.empty()) after_id = befores.back().first;
  } while (!befores.empty());
}

void UndoPlan::plan_other(Entity entity, std::int64_t id, const RecordImage& before) {
  const RecordImage after = image_after(entity, id), now = image_now(entity, id);
  if (after.is_null()) {
    if (now.is_null()) put(entity, id, "insert", before);
    return;
  }
  if (now.is_null()) return add_conflict(UndoConflictKind::deleted, entity, id, before, after, now);
  const TakenBack back = take_back(before, after, now, m_at);
  if (!back.differs) return;
  if (back.overrides) add_conflict(UndoConflictKind::changed, entity, id, before, after, now);
  put(entity, id, "change", back.image);
}

void UndoPlan::find_changed(Entity entity) {
  for (const std::int64_t id : ids(select_touched_since, entity)) {
    const RecordImage after = image_after(entity, id), now = image_now(entity, id);
    if (m_fields.fields(entity, after) != m_fields.fields(entity, now))
      add_conflict(UndoConflictKind::changed, entity, id, RecordImage(), after, now);
  }
}

void UndoPlan::find_added() {
  for (const std::int64_t id : ids(select_added, Entity::contact)) {
    const RecordImage now = image_now(Entity::contact, id);
    add_conflict(UndoConflictKind::added, Entity::contact, id, RecordImage(), RecordImage(), now);
    put(Entity::contact, id, "delete", RecordImage());
  }
}

void UndoPlan::find_reached() {
  for (const std::int64_t id : ids(select_reached, Entity::contact)) {
    const RecordImage now = image_now(Entity::contact, id);
    add_conflict(UndoConflictKind::reached, Entity::contact, id, RecordImage(), RecordImage(), now);
  }
}

void UndoPlan::list_customers() {
  m_database.exec(create_customers);
  m_database.exec("DELETE FROM undo_customer");
  m_database.exec(insert_customers);
}

void UndoPlan::put(Entity entity, std::int64_t id, const char* step, const RecordImage& image) {
  Statement statement(m_database, put_sql);
  statement.bind(":entity", to_text(entity));
  statement.bind(":id", id);
  statement.bind(":step", step);
  if (!image.is_null()) statement.bind(":image", image.dump());
  statement.exec();
}

void UndoPlan::add_conflict(UndoConflictKind kind, Entity entity, std::int64_t id, const RecordImage& before,
                            const RecordImage& after, const RecordImage& now) {
  if (++m_conflict_count > static_cast<std::int64_t>(told_conflicts)) return;
  const RecordImage& shown = now.is_null() ? after : now;
  UndoConflict conflict{.kind = kind,
                        .record = to_text(entity),
                        .id = RecordFields::ref(entity, id, shown),
                        .name = RecordFields::name(entity, shown),
                        .fields = {}};
  const auto was = m_fields.fields(entity, before), left = m_fields.fields(entity, after),
             is = m_fields.fields(entity, now);
  const bool shows_fields = kind == UndoConflictKind::changed;
  for (std::size_t i = 0; shows_fields && i < is.size(); ++i) {
    const std::string former = was.empty() ? "" : was[i].second;
    if (left[i].second == is[i].second || former == is[i].second) continue;
    if (!was.empty() && former == left[i].second) continue;  // not the operation's
    conflict.fields.push_back({is[i].first, former, left[i].second, is[i].second});
  }
  m_conflicts.push_back(std::move(conflict));
}

RecordImage UndoPlan::image_after(Entity entity, std::int64_t id) {
  RecordImage image = parse(sqlite::image_after(m_database, m_undone, entity, id));
  if (image.is_object() && image.contains("erased") && !image.contains("created_at"))
    throw refusal_of_erasure(m_undone);
  return image;
}

RecordImage UndoPlan::image_now(Entity entity, std::int64_t id) {
  return parse(sqlite::image_now(m_database, entity, id));
}

std::vector<std::int64_t> UndoPlan::ids(const char* sql, Entity entity) {
  Statement statement(m_database, sql);
  statement.bind(":entity", to_text(entity));
  if (std::string_view(sql).find(":operation") != std::string_view::npos) statement.bind(":operation", m_undone.value);
  std::vector<std::int64_t> found;
  while (statement.executeStep()) found.push_back(statement.getColumn(0).getInt64());
  return found;
}

}  // namespace kundehub::sqlite
