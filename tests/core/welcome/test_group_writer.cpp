#include "core/welcome/group_writer.hpp"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

using namespace kundehub;

namespace {

/// Counts groups; can be told to fail, and to hold a group back until it is let go.
class FakeQueue final : public WelcomeQueue {
 public:
  void in_group(const std::function<void()>& steps) override {
    while (held) std::this_thread::yield();
    ++attempts;
    if (fails) throw std::runtime_error("disk full");
    steps();
    ++groups;
  }
  int recover(Time, std::optional<Time>) override { return 0; }
  std::vector<ClaimedWelcome> claim(Time, int, const std::vector<WelcomeId>&) override { return {}; }
  void release(const ClaimedWelcome&, Time) override {}
  std::int64_t next_generation(ContactId) override { return 1; }
  bool renew_link(WelcomeId, const LoginLink&, Time) override { return true; }
  BounceResult record_bounce(const BounceReport&, Time) override { return {}; }
  Backlog backlog() override { return {}; }
  bool begin_final_dot(WelcomeId, Time, const std::string&) override { return false; }
  bool record(const TryRecord&, Time) override { return false; }
  std::vector<WelcomeId> due(Time, int) override { return {}; }
  std::int64_t count_due(Time, const std::vector<WelcomeId>&) override { return 0; }

  std::atomic<bool> held = false, fails = false;
  std::atomic<int> groups = 0, attempts = 0;
};

}  // namespace

TEST_CASE("a step is done, on another thread, when write returns") {
  FakeQueue queue;
  int commits = 0;
  std::thread::id there;
  {
    GroupWriter writer(queue, [&] { ++commits; });
    writer.write([&] { there = std::this_thread::get_id(); });
    CHECK(there != std::thread::id());
    CHECK(there != std::this_thread::get_id());
    CHECK(queue.groups == 1);
    writer.write([] {});
    CHECK(queue.groups == 2);
  }
  CHECK(commits == 2);
}

TEST_CASE("a step that is handed over is done in its turn, and its end is told once it is durable") {
  FakeQueue queue;
  queue.held = true;
  std::string order;
  {
    GroupWriter writer(queue, [&] { order += "c"; });
    writer.submit([&] { order += "1"; }, [&](const std::exception_ptr& error) { order += error ? "!" : "a"; });
    writer.submit([] { throw std::runtime_error("mine"); },
                  [&](const std::exception_ptr& error) { order += error ? "f" : "?"; });
    CHECK(order.empty());
    queue.held = false;
    writer.write([&] { order += "2"; });
    CHECK(order.ends_with("2c"));
    CHECK(order.find("a") < order.find("f"));
    CHECK(order.find("c") < order.find("a"));
    writer.submit([&] { order += "3"; }, [](const std::exception_ptr&) {});
    writer.finish();
    CHECK(order.ends_with("3c"));
  }
  CHECK(order.find_first_of("!?") == std::string::npos);
}

TEST_CASE("what waits at the same time shares a transaction") {
  FakeQueue queue;
  queue.held = true;
  int steps = 0;
  {
    GroupWriter writer(queue, [] {});
    for (int i = 0; i < 8; ++i) writer.submit([&] { ++steps; }, [](const std::exception_ptr&) {});
    queue.held = false;
  }
  CHECK(steps == 8);
  CHECK(queue.groups <= 2);  // the first one alone, or with some of the others
}

TEST_CASE("a group that cannot begin, as when another holds the database, is not tried step by step") {
  FakeQueue queue;
  queue.held = true;
  queue.fails = true;
  int failed = 0;
  {
    GroupWriter writer(queue, [] {});
    for (int i = 0; i < 8; ++i) writer.submit([] {}, [&](const std::exception_ptr& error) { failed += error ? 1 : 0; });
    queue.held = false;
  }
  CHECK(failed == 8);
  CHECK(queue.attempts <= 2);
}

TEST_CASE("a step that fails does not take the others of its group with it") {
  FakeQueue queue;
  queue.held = true;
  std::atomic<int> done = 0, failed = 0;
  {
    GroupWriter writer(queue, [] {});
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&, i] {
        try {
          writer.write([i] {
            if (i == 3) throw std::runtime_error("mine alone");
          });
          ++done;
        } catch (const std::runtime_error&) {
          ++failed;
        }
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    queue.held = false;
    for (std::thread& thread : threads) thread.join();
  }
  CHECK(done == 5);
  CHECK(failed == 1);
}

TEST_CASE("if nothing can be written, each step fails with the reason, and the writer goes on") {
  FakeQueue queue;
  int commits = 0;
  GroupWriter writer(queue, [&] { ++commits; });
  queue.fails = true;
  CHECK_THROWS_WITH_AS(writer.write([] {}), "disk full", std::runtime_error);
  CHECK(commits == 0);
  queue.fails = false;
  CHECK_NOTHROW(writer.write([] {}));
  CHECK_THROWS_WITH_AS(writer.write([] { throw std::logic_error("step"); }), "step", std::logic_error);
  CHECK_NOTHROW(writer.write([] {}));
}
