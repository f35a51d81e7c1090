#include "core/welcome/group_writer.hpp"

#include <exception>

namespace kundehub {

GroupWriter::GroupWriter(WelcomeQueue& queue, std::function<void()> on_commit)
    : m_queue(queue), m_on_commit(std::move(on_commit)), m_thread([this] { loop(); }) {}

GroupWriter::~GroupWriter() {
  {
    const std::lock_guard lock(m_mutex);
    m_finished = true;
  }
  m_wake.notify_one();
  m_thread.join();
}

void GroupWriter::write(const std::function<void()>& step) {
  std::future<void> done;
  {
    const std::lock_guard lock(m_mutex);
    m_waiting.push_back({step, {}});
    done = m_waiting.back().done.get_future();
  }
  m_wake.notify_one();
  done.get();
}

void GroupWriter::loop() {
  for (;;) {
    std::vector<Step> group;
    {
      std::unique_lock lock(m_mutex);
      m_wake.wait(lock, [this] { return m_finished || !m_waiting.empty(); });
      if (m_waiting.empty()) return;
      group.swap(m_waiting);
    }
    commit(group);
  }
}

void GroupWriter::commit(std::vector<Step>& group) {
  try {
    m_queue.in_group([&] {
      for (const Step& step : group) step.run();
    });
  } catch (...) {
    if (group.size() > 1) return commit_singly(group);
    return group.front().done.set_exception(std::current_exception());
  }
  m_on_commit();
  for (Step& step : group) step.done.set_value();
}

void GroupWriter::commit_singly(std::vector<Step>& group) {
  for (Step& step : group) {
    std::vector<Step> alone;
    alone.push_back(std::move(step));
    commit(alone);
  }
}

}  // namespace kundehub
