#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "cli/run.hpp"

int main(int argc, char** argv) {
  using namespace kundehub;
  umask(077);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe and a size limit are write errors, which are reported
  std::signal(SIGXFSZ, SIG_IGN);
  std::ios::sync_with_stdio(false);
  const auto environment = [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value && *value ? std::optional<std::string>(value) : std::nullopt;
  };
  const auto clock = [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); };
  cli::Session session({std::cout, std::cerr, std::cin, isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1,
                        isatty(STDERR_FILENO) == 1, environment, clock});
  return cli::run(std::vector<std::string>(argv + 1, argv + argc), session);
}
