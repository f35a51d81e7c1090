#include "cli/pager.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "cli/spawn_attributes.hpp"
#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

/// The shell with `command`, which reads from `input` and has the signals as a shell expects them. 0 or an errno.
int start(const std::string& command, int input, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> argv{words[0].data(), words[1].data(), words[2].data(), nullptr};
  const int failed = posix_spawn(&child, "/bin/sh", &actions, SpawnAttributes().get(), argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

}  // namespace

Pager::Pager(std::string command) : m_command(std::move(command)), m_on_interrupt(std::signal(SIGINT, SIG_IGN)) {
  setenv("LESS", "FIRX", 0);
  setenv("LESSCHARSET", "utf-8", 0);
  std::array<int, 2> ends{-1, -1};
  const int failed = pipe2(ends.data(), O_CLOEXEC) != 0 ? errno : start(m_command, ends[0], m_child);
  if (ends[0] >= 0) close(ends[0]);
  m_pipe = ends[1];
  if (failed == 0) return;
  if (m_pipe >= 0) close(m_pipe);
  leave_interrupts();
  throw Error(ErrorKind::no_output, tr("the pager {} cannot be started", text::quoted(m_command)),
              tr("--no-pager shows the result without it"));
}

Pager::~Pager() {
  if (m_child > 0) wait();
}

void Pager::leave_interrupts() {
  if (m_on_interrupt != SIG_ERR) std::signal(SIGINT, std::exchange(m_on_interrupt, SIG_ERR));
}

bool Pager::write(std::string_view text) {
  while (m_is_read && !text.empty()) {
    const ssize_t written = ::write(m_pipe, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    m_is_read = written > 0;
    if (m_is_read) text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (!m_is_read) leave_interrupts();
  return m_is_read;
}

int Pager::wait() {
  close(m_pipe);
  int status = 0;
  while (waitpid(m_child, &status, 0) < 0 && errno == EINTR) continue;
  m_child = -1;
  leave_interrupts();
  return status;
}

void Pager::finish() {
  const int status = wait();
  constexpr int not_executable = 126, not_found = 127;  // POSIX, Shell Command Language, 2.8.2
  if (WIFEXITED(status) && (WEXITSTATUS(status) == not_executable || WEXITSTATUS(status) == not_found))
    throw Error(ErrorKind::no_output, tr("the pager {} cannot be started", text::quoted(m_command)),
                tr("--no-pager shows the result without it"));
}

}  // namespace kundehub::cli
