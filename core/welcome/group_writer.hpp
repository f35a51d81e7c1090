#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/store/welcome_queue.hpp"

namespace kundehub {

/// The one thread that writes to the store in a delivery run. What several connections have to record at the same time
/// becomes durable in one transaction, so that they share its syncs.
class GroupWriter {
 public:
  /// From here on until its destruction nobody else may use the queue's store. `on_commit` runs after each commit.
  GroupWriter(WelcomeQueue& queue, std::function<void()> on_commit);

  /// Finishes what is waiting.
  ~GroupWriter() { finish(); }
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  /// Runs `step` on the writer's thread and returns once it is durable. A step may run twice: if its
  /// group fails once it has begun, each step of it is tried alone. Throws what it threw then, and nothing of it has
  /// happened.
  void write(const std::function<void()>& step);

  /// As `write`, but returns at once. `done` runs on the writer's thread, after the steps that were given before: null,
  /// the step is durable; or what it threw. It must neither throw nor wait.
  void submit(std::function<void()> step, std::function<void(std::exception_ptr)> done);

  /// Finishes what is waiting. Nothing may be written any more.
  void finish();

 private:
  struct Step {
    std::function<void()> run;
    std::function<void(std::exception_ptr)> done;
  };

  void loop();
  void commit(std::vector<Step>& group);

  /// A step that fails must not take the records of other connections with it.
  void commit_singly(std::vector<Step>& group);

  WelcomeQueue& m_queue;
  std::function<void()> m_on_commit;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  std::vector<Step> m_waiting;
  bool m_finished = false;
  std::thread m_thread;
};

}  // namespace kundehub
