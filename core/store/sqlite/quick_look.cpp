#include <sys/stat.h>

#include <ctime>

#include <sqlite3.h>

#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/file_lock.hpp"
#include "core/store/sqlite/link_rows.hpp"
#include "core/store/sqlite/sqlite_maintenance.hpp"

namespace kundehub::sqlite {
namespace {

constexpr std::chrono::milliseconds look_patience{5'000};
constexpr int steps_a_question = 1'000;  // of SQLite's machine: some microseconds

constexpr const char* select_latest_live = R"sql(
  SELECT contact_id FROM login_link WHERE used_at IS NULL AND ended_at IS NULL ORDER BY contact_id DESC LIMIT 1
)sql";

/// Interrupts what the connection does when the time is over.
class TimeLimit {
 public:
  TimeLimit(Connection& database, std::chrono::milliseconds limit)
      : m_handle(database.getHandle()), m_end(std::chrono::steady_clock::now() + limit) {
    sqlite3_progress_handler(
        m_handle, steps_a_question, [](void* self) { return static_cast<TimeLimit*>(self)->is_over() ? 1 : 0; }, this);
  }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  ~TimeLimit() { sqlite3_progress_handler(m_handle, 0, nullptr, nullptr); }

 private:
  [[nodiscard]] bool is_over() const { return std::chrono::steady_clock::now() > m_end; }

  sqlite3* m_handle;
  std::chrono::steady_clock::time_point m_end;
};

/// True if the whole file was looked at.
bool check_pages(Connection& database, std::chrono::milliseconds limit, std::vector<RuleBreach>& damage) {
  const TimeLimit in_time(database, limit);
  try {
    SQLite::Statement statement(database, "PRAGMA quick_check");
    while (statement.executeStep()) {
      const std::string text = statement.getColumn(0).getString();
      if (text != "ok") damage.push_back({"integrity", "", text, "kundehub db restore FILE"});
    }
    return true;
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() != SQLITE_INTERRUPT) throw;
    return false;
  }
}

std::optional<LoginLink> latest_live_link(Connection& database) {
  SQLite::Statement statement(database, select_latest_live);
  if (!statement.executeStep()) return std::nullopt;
  return select_live_link(database, ContactId{statement.getColumn(0).getInt64()});
}

std::filesystem::path beside(std::filesystem::path file, const char* suffix) {
  return file += suffix;
}

}  // namespace

StoreLook SqliteMaintenance::look(std::chrono::milliseconds limit) {
  return translated([&] {
    Connection database = open_any_schema(m_file, look_patience);
    StoreLook found{.status = read_status(database, m_file)};
    found.whole = check_pages(database, limit, found.damage);
    if (!found.damage.empty() || found.status.schema < found.status.newest_schema) return found;
    check_schema_objects(database, [&](const RuleBreach& breach) { found.damage.push_back(breach); });
    if (found.damage.empty()) found.live_link = latest_live_link(database);
    return found;
  });
}

StoreActivity SqliteMaintenance::activity() {
  const std::filesystem::path delivery = beside(m_file, ".send");
  StoreActivity activity{.writer = holder_of(beside(m_file, ".write")), .deliverer = holder_of(delivery)};
  struct stat info {};
  if (activity.deliverer && stat(delivery.c_str(), &info) == 0)
    activity.delivery_idle = std::chrono::seconds(std::time(nullptr) - info.st_mtime);
  return activity;
}

}  // namespace kundehub::sqlite
