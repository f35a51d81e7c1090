#include "cli/held_output.hpp"

#include <sys/resource.h>

#include <csignal>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"

using namespace kundehub;
using namespace kundehub::cli;

namespace {

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "line " + std::to_string(i) + '\n';
  return text;
}

/// For the process, as long as it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &m_before);
    const rlimit limit{bytes, m_before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    m_handler = std::signal(SIGXFSZ, SIG_IGN);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &m_before);
    std::signal(SIGXFSZ, m_handler);
  }

 private:
  rlimit m_before{};
  void (*m_handler)(int) = nullptr;
};

}  // namespace

TEST_CASE("output that there is no room for ends where it is written") {
  const FileSizeLimit limit(100'000);
  HeldOutput held;
  held.stream() << lines(5000);  // fits into memory
  CHECK_THROWS_WITH_AS(held.stream() << lines(50'000), "a temporary file cannot be written: File too large", Error);
}

TEST_CASE("output that is held comes out as it went in, however much it is") {
  for (const int count : {0, 1, 5000, 9000, 200'000}) {
    CAPTURE(count);
    HeldOutput held;
    const std::string text = lines(count);
    held.stream() << text.substr(0, text.size() / 3) << text.substr(text.size() / 3);
    held.finish();
    std::ostringstream out;
    held.release(out);
    CHECK(out.str() == text);
  }
}
