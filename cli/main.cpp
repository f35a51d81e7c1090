#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/run.hpp"

using namespace kundehub;

namespace {

const cli::Session* running = nullptr;

/// The last resort: a library's destructor may ask for memory, and end the program when there is none
/// (nlohmann::basic_json 3.11 does). The exit status says even then whether the change is saved.
[[noreturn]] void end_without_memory() {
  try {
    if (std::current_exception()) std::rethrow_exception(std::current_exception());
  } catch (const std::bad_alloc&) {
    constexpr std::string_view text = "kundehub: out of memory\n";
    if (write(STDERR_FILENO, text.data(), text.size()) < 0) errno = 0;  // nobody is left to be told
    const bool has_changed = running && running->has_changed();
    _exit(static_cast<int>(has_changed ? cli::ExitCode::partial : cli::ExitCode::temporary));
  } catch (...) {  // a defect, which is to be seen
  }
  std::abort();
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(end_without_memory);
  umask(077);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe and a size limit are write errors, which are reported
  std::signal(SIGXFSZ, SIG_IGN);
  std::ios::sync_with_stdio(false);
  const auto environment = [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value && *value ? std::optional<std::string>(value) : std::nullopt;
  };
  const auto clock = [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); };
  // Never destroyed: what would only give memory back piece by piece, the system does at once when the process ends.
  auto* const session =
      new cli::Session({std::cout, std::cerr, std::cin, isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1,
                        cli::screen_of(STDOUT_FILENO), environment, clock});
  running = session;
  return cli::run(std::vector<std::string>(argv + 1, argv + argc), *session);
}
