#include "core/store/sqlite/record_fields.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "core/model/time.hpp"

namespace kundehub::sqlite {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

// Also of what is deleted since.
constexpr const char* select_number = R"sql(
  SELECT ifnull((SELECT number FROM customer WHERE id = :id),
                (SELECT json_extract(was, '$.number') FROM operation_before
                 WHERE entity = 'customer' AND entity_id = :id AND was <> 'null' ORDER BY operation_id DESC LIMIT 1))
)sql";

constexpr const char* select_module_key = R"sql(
  SELECT ifnull((SELECT key FROM module WHERE id = :id),
                (SELECT json_extract(was, '$.key') FROM operation_before
                 WHERE entity = 'module' AND entity_id = :id AND was <> 'null' ORDER BY operation_id DESC LIMIT 1))
)sql";

std::string text_of(const RecordImage& image, const char* column) {
  const auto found = image.find(column);
  return found == image.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

std::int64_t number_of(const RecordImage& image, const char* column) {
  const auto found = image.find(column);
  return found == image.end() || !found->is_number() ? 0 : found->get<std::int64_t>();
}

std::string switch_of(const RecordImage& image, const char* column) {
  return number_of(image, column) != 0 ? "on" : "off";
}

std::string time_of(const RecordImage& image, const char* column) {
  const std::int64_t seconds = number_of(image, column);
  return seconds == 0 ? std::string() : to_rfc3339(Time(std::chrono::seconds(seconds)));
}

/// What other commands than the operation's make of a mail is theirs to tell: an operation queues it, or takes it back.
std::string welcome_state(const RecordImage& image) {
  return text_of(image, "state") == "cancelled" ? "cancelled" : "queued";
}

std::string join(std::vector<std::string> parts) {
  std::ranges::sort(parts);
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<std::string> strings(const RecordImage& list) {
  return list.is_array() ? list.get<std::vector<std::string>>() : std::vector<std::string>();
}

}  // namespace

Fields RecordFields::fields(Entity entity, const RecordImage& image) {
  Fields fields;
  if (image.is_null()) return fields;
  const auto add_texts = [&](const auto& names) {
    for (const char* name : names) fields.emplace_back(name, text_of(image, name));
  };
  switch (entity) {
    case Entity::customer:
      add_texts(std::array{"number", "kind", "name", "cvr", "email", "phone", "address", "zip", "city", "country",
                           "language", "website", "notes"});
      fields.emplace_back("tags", join(strings(image.value("tags", RecordImage::array()))));
      fields.emplace_back("hub", switch_of(image, "hub"));
      fields.emplace_back("modules", module_keys(image.value("modules", RecordImage::array())));
      fields.emplace_back("archived_at", time_of(image, "archived_at"));
      break;
    case Entity::contact:
      fields.emplace_back("customer", customer_number(number_of(image, "customer_id")));
      add_texts(std::array{"first_name", "last_name", "email", "phone", "title", "language"});
      fields.emplace_back("hub", switch_of(image, "hub"));
      fields.emplace_back("primary", number_of(image, "is_primary") != 0 ? "yes" : "no");
      fields.emplace_back("only_modules", limits(image));
      break;
    case Entity::module:
      add_texts(std::array{"key", "title_da", "title_en"});
      break;
    case Entity::welcome:
      add_texts(std::array{"address"});
      fields.emplace_back("state", welcome_state(image));
      break;
  }
  return fields;
}

std::string RecordFields::ref(Entity entity, std::int64_t id, const RecordImage& image) {
  switch (entity) {
    case Entity::customer:
      return text_of(image, "number");
    case Entity::contact:
      return fmt::format("contact:{}", id);
    case Entity::module:
      return text_of(image, "key");
    case Entity::welcome:
      return number_of(image, "contact_id") == 0 ? "" : fmt::format("contact:{}", number_of(image, "contact_id"));
  }
  return {};
}

std::string RecordFields::name(Entity entity, const RecordImage& image) {
  const std::string first = text_of(image, "first_name"), last = text_of(image, "last_name");
  switch (entity) {
    case Entity::customer:
      return text_of(image, "name");
    case Entity::contact:
      return first.empty() || last.empty() ? first + last : first + ' ' + last;
    case Entity::module:
      return text_of(image, "title_en");
    case Entity::welcome:
      return text_of(image, "address");
  }
  return {};
}

std::string RecordFields::limits(const RecordImage& contact) {
  if (number_of(contact, "is_limited") == 0) return {};
  const std::string keys = module_keys(contact.value("modules", RecordImage::array()));
  return keys.empty() ? "none" : keys;
}

std::string RecordFields::module_keys(const RecordImage& ids) {
  std::vector<std::string> keys;
  for (const RecordImage& id : ids) keys.push_back(module_key(id.get<std::int64_t>()));
  return join(std::move(keys));
}

const std::string& RecordFields::module_key(std::int64_t id) {
  const auto [entry, is_new] = m_module_keys.try_emplace(id);
  if (!is_new) return entry->second;
  Statement statement(m_database, select_module_key);
  statement.bind(":id", id);
  statement.executeStep();
  entry->second = statement.getColumn(0).isNull() ? fmt::format("module:{}", id) : statement.getColumn(0).getString();
  return entry->second;
}

std::string RecordFields::customer_number(std::int64_t id) {
  Statement statement(m_database, select_number);
  statement.bind(":id", id);
  statement.executeStep();
  return statement.getColumn(0).isNull() ? fmt::format("id:{}", id) : statement.getColumn(0).getString();
}

}  // namespace kundehub::sqlite
