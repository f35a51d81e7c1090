#include "core/store/sqlite/undo_merge.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kundehub::sqlite {
namespace {

/// The database keeps these by itself, or they are history, which no undo rewrites.
bool is_taken_back(std::string_view column) {
  constexpr std::array<std::string_view, 9> kept{"created_at",       "updated_at", "hub_changed_at",
                                                 "email_changed_at", "links",      "logins",
                                                 "welcomes",         "customers",  "contacts"};
  return std::ranges::find(kept, column) == kept.end();
}

RecordImage value_of(const RecordImage& image, const std::string& column) {
  const auto found = image.find(column);
  return found == image.end() ? RecordImage() : *found;
}

bool holds(const RecordImage& list, const RecordImage& element) {
  return std::ranges::find(list, element) != list.end();
}

/// What is there now, with what the operation removed and without what it added.
RecordImage take_back_list(const RecordImage& before, const RecordImage& after, const RecordImage& now) {
  RecordImage list = RecordImage::array();
  for (const RecordImage& element : now) {
    if (holds(before, element) || !holds(after, element)) list.push_back(element);
  }
  for (const RecordImage& element : before) {
    if (!holds(after, element) && !holds(list, element)) list.push_back(element);
  }
  return list;
}

void touch(TakenBack& result, const RecordImage& now, const char* column, const char* changed_at, Time at) {
  if (now.contains(column) && result.image[column] != now[column])
    result.image[changed_at] = at.time_since_epoch().count();
}

}  // namespace

TakenBack take_back(const RecordImage& before, const RecordImage& after, const RecordImage& now, Time at) {
  TakenBack result{.image = now};
  for (const auto& [column, was] : before.items()) {
    if (!is_taken_back(column)) continue;
    const RecordImage left = value_of(after, column), is = value_of(now, column);
    if (was.is_array()) {
      result.image[column] = take_back_list(was, left, is);
      result.differs = result.differs || result.image[column].size() != is.size() ||
                       !std::ranges::all_of(is, [&](const auto& one) { return holds(result.image[column], one); });
    } else if (was != left && was != is) {
      result.image[column] = was;
      result.differs = true;
      result.overrides = result.overrides || is != left;
    }
  }
  touch(result, now, "hub", "hub_changed_at", at);
  touch(result, now, "email_key", "email_changed_at", at);
  if (result.differs && now.contains("updated_at")) result.image["updated_at"] = at.time_since_epoch().count();
  return result;
}

}  // namespace kundehub::sqlite
