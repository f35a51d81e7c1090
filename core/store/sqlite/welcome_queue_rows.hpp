#pragma once

#include <filesystem>

#include "core/store/sqlite/connection.hpp"
#include "core/store/welcome_queue.hpp"

namespace kundehub::sqlite {

/// The queue in the table of welcome mails.
class WelcomeQueueRows final : public WelcomeQueue {
 public:
  WelcomeQueueRows(Connection& database, std::filesystem::path path) : m_database(database), m_path(std::move(path)) {}

  void in_group(const std::function<void()>& steps) override;
  int recover(Time now, std::optional<Time> uncertain_due) override;
  std::vector<ClaimedWelcome> claim(Time now, int limit, const std::vector<WelcomeId>& only) override;
  void release(const ClaimedWelcome& mail, Time now) override;
  std::int64_t next_generation(ContactId contact) override;
  bool renew_link(WelcomeId id, const LoginLink& link, Time now) override;
  bool begin_final_dot(WelcomeId id, Time link_expires_at, const std::string& template_hash) override;
  bool record(const TryRecord& record, Time now) override;
  BounceResult record_bounce(const BounceReport& report, Time now) override;
  Backlog backlog() override;
  std::vector<WelcomeId> due(Time now, int limit) override;
  std::int64_t count_due(Time now, const std::vector<WelcomeId>& only) override;

 private:
  Connection& m_database;
  std::filesystem::path m_path;
};

}  // namespace kundehub::sqlite
