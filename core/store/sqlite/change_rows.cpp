#include "core/store/sqlite/change_rows.hpp"

#include <array>
#include <string>

#include "core/store/sqlite/record_fields.hpp"
#include "core/store/sqlite/record_images.hpp"

namespace kundehub::sqlite {
namespace {

constexpr const char* select_before = R"sql(
  SELECT entity_id, was FROM operation_before WHERE operation_id = :operation AND entity = :entity AND entity_id > :after
  ORDER BY entity_id LIMIT 500
)sql";

constexpr const char* select_ranges = R"sql(
  SELECT first_id, last_id FROM operation_created WHERE operation_id = :operation AND entity = :entity ORDER BY first_id
)sql";

constexpr const char* select_deleted = R"sql(
  SELECT entity_id FROM operation_before
  WHERE entity = 'customer' AND json_extract(was, '$.number') = :number
    AND entity_id NOT IN (SELECT id FROM customer)
  GROUP BY entity_id ORDER BY max(operation_id) DESC
)sql";

RecordImage parse(const std::optional<std::string>& image) {
  return image ? RecordImage::parse(*image) : RecordImage();
}

/// What it was is nobody's to know any more.
bool is_erased(const RecordImage& image) {
  return image.is_object() && image.contains("erased");
}

/// The changes of one operation.
class Changes {
 public:
  Changes(Connection& database, OperationId operation, const std::function<void(const RecordChange&)>& visit)
      : m_database(database), m_operation(operation), m_visit(visit), m_fields(database) {}

  void tell(Entity entity) {
    tell_created(entity);
    tell_others(entity);
  }

 private:
  void tell_created(Entity entity) {
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
    {
      Statement statement(m_database, select_ranges);
      bind(statement, entity);
      while (statement.executeStep())
        ranges.emplace_back(statement.getColumn(0).getInt64(), statement.getColumn(1).getInt64());
    }
    for (const auto& [first, last] : ranges) {
      for (std::int64_t id = first; id <= last; ++id) {
        const RecordImage after = image_afterwards(entity, id);
        if (!after.is_null()) tell_one(entity, id, RecordImage(), after);  // an import's range may have gaps
      }
    }
  }

  /// In batches, so that no statement is open while one is told.
  void tell_others(Entity entity) {
    std::vector<std::pair<std::int64_t, std::string>> befores;
    std::int64_t after_id = -1;
    do {
      befores.clear();
      Statement statement(m_database, select_before);
      bind(statement, entity);
      statement.bind(":after", after_id);
      while (statement.executeStep())
        befores.emplace_back(statement.getColumn(0).getInt64(), statement.getColumn(1).getString());
      statement.reset();
      for (const auto& [id, was] : befores) tell_one(entity, id, RecordImage::parse(was), image_afterwards(entity, id));
      if (!befores.empty()) after_id = befores.back().first;
    } while (!befores.empty());
  }

  void bind(Statement& statement, Entity entity) const {
    statement.bind(":operation", m_operation.value);
    statement.bind(":entity", to_text(entity));
  }

  RecordImage image_afterwards(Entity entity, std::int64_t id) {
    return parse(image_after(m_database, m_operation, entity, id));
  }

  void tell_one(Entity entity, std::int64_t id, const RecordImage& before, const RecordImage& after) {
    const RecordImage& shown = after.is_null() ? before : after;
    RecordChange change{.kind = before.is_null()  ? ChangeKind::created
                                : after.is_null() ? ChangeKind::deleted
                                                  : ChangeKind::changed,
                        .record = to_text(entity),
                        .id = RecordFields::ref(entity, id, shown),
                        .name = RecordFields::name(entity, shown),
                        .fields = {}};
    if (is_erased(before) || is_erased(after)) return m_visit(change);
    const auto old_fields = m_fields.fields(entity, before), new_fields = m_fields.fields(entity, after);
    for (std::size_t i = 0; i < std::max(old_fields.size(), new_fields.size()); ++i) {
      const std::string was = old_fields.empty() ? "" : old_fields[i].second;
      const std::string is = new_fields.empty() ? "" : new_fields[i].second;
      if (was != is) change.fields.push_back({(old_fields.empty() ? new_fields : old_fields)[i].first, was, is});
    }
    m_visit(change);
  }

  Connection& m_database;
  OperationId m_operation;
  const std::function<void(const RecordChange&)>& m_visit;
  RecordFields m_fields;
};

}  // namespace

void each_change(Connection& database, OperationId id, const std::function<void(const RecordChange&)>& visit) {
  Changes changes(database, id, visit);
  for (const Entity entity : {Entity::customer, Entity::contact, Entity::module, Entity::welcome}) changes.tell(entity);
}

std::vector<CustomerId> find_deleted_customers(Connection& database, const CustomerNumber& number) {
  Statement statement(database, select_deleted);
  statement.bind(":number", number.text());
  std::vector<CustomerId> found;
  while (statement.executeStep()) found.push_back(CustomerId{statement.getColumn(0).getInt64()});
  return found;
}

}  // namespace kundehub::sqlite
