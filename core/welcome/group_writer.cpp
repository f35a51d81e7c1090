#include "core/welcome/group_writer.hpp"

#include <future>
#include <memory>
#include <utility>

namespace kundehub {

GroupWriter::GroupWriter(WelcomeQueue& queue, std::function<void()> on_commit)
    : m_queue(queue), m_on_commit(std::move(on_commit)), m_thread([this] { loop(); }) {}

void GroupWriter::write(const std::function<void()>& step) {
  const auto outcome = std::make_shared<std::promise<void>>();  // the writer may still hold it when the caller is gone
  submit(step,
         [outcome](const std::exception_ptr& error) { error ? outcome->set_exception(error) : outcome->set_value(); });
  outcome->get_future().get();
}

void GroupWriter::submit(std::function<void()> step, std::function<void(std::exception_ptr)> done) {
  {
    const std::lock_guard lock(m_mutex);
    m_waiting.push_back({std::move(step), std::move(done)});
  }
  m_wake.notify_one();
}

void GroupWriter::finish() {
  {
    const std::lock_guard lock(m_mutex);
    m_finished = true;
  }
  m_wake.notify_one();
  if (m_thread.joinable()) m_thread.join();
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
  bool begun = false;
  try {
    m_queue.in_group([&] {
      begun = true;
      for (const Step& step : group) step.run();
    });
  } catch (...) {
    if (begun && group.size() > 1) return commit_singly(group);
    for (const Step& step : group) step.done(std::current_exception());
    return;
  }
  m_on_commit();
  for (const Step& step : group) step.done(nullptr);
}

void GroupWriter::commit_singly(std::vector<Step>& group) {
  for (Step& step : group) {
    std::vector<Step> alone;
    alone.push_back(std::move(step));
    commit(alone);
  }
}

}  // namespace kundehub
