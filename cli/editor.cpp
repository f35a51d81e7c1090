#include "cli/editor.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "cli/spawn_attributes.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

/// What is typed to interrupt the editor is meant for it alone.
class InterruptsIgnored {
 public:
  InterruptsIgnored() : m_interrupt(std::signal(SIGINT, SIG_IGN)), m_quit(std::signal(SIGQUIT, SIG_IGN)) {}
  InterruptsIgnored(const InterruptsIgnored&) = delete;
  InterruptsIgnored& operator=(const InterruptsIgnored&) = delete;
  ~InterruptsIgnored() {
    std::signal(SIGINT, m_interrupt);
    std::signal(SIGQUIT, m_quit);
  }

 private:
  void (*m_interrupt)(int);
  void (*m_quit)(int);
};

std::vector<std::string> editor_words(Session& session) {
  std::optional<std::string> editor = session.environment("VISUAL");
  if (!editor) editor = session.environment("EDITOR");
  if (!editor && !session.has_terminal())
    throw Error(ErrorKind::usage, tr("there is no terminal to edit on, and EDITOR is not set"), tr("set EDITOR"));
  return text::split_shell_words(editor.value_or("vi"));
}

/// What the editor draws is no result: where those go elsewhere it draws on the terminal that stderr is.
class EditorStreams {
 public:
  EditorStreams() {
    posix_spawn_file_actions_init(&m_actions);
    if (isatty(STDOUT_FILENO) == 0 && isatty(STDERR_FILENO) == 1)
      posix_spawn_file_actions_adddup2(&m_actions, STDERR_FILENO, STDOUT_FILENO);
  }
  EditorStreams(const EditorStreams&) = delete;
  EditorStreams& operator=(const EditorStreams&) = delete;
  ~EditorStreams() { posix_spawn_file_actions_destroy(&m_actions); }

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &m_actions; }

 private:
  posix_spawn_file_actions_t m_actions{};
};

/// Returns what waitpid says. Throws Error{usage} if there is no such program.
int run_program(const std::vector<std::string>& words) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  pid_t child = 0;
  const EditorStreams streams;
  const int failed = posix_spawnp(&child, argv.front(), streams.get(), SpawnAttributes().get(), argv.data(), environ);
  if (failed != 0) {
    throw Error(ErrorKind::usage,
                tr("the editor {} cannot be started: {}", text::quoted(words.front()), std::strerror(failed)),
                tr("set EDITOR to one that is installed"));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

}  // namespace

void edit_file(Session& session, const std::filesystem::path& file) {
  std::vector<std::string> words = editor_words(session);
  if (words.empty())
    throw Error(ErrorKind::usage, tr("EDITOR names no program"), tr("set it to an editor, such as nano"));
  words.push_back(file.native());
  const InterruptsIgnored ignored;
  const int status = run_program(words);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  throw Error(ErrorKind::unconfirmed,
              tr("the editor {} did not end well: nothing was changed", text::quoted(words.front())));
}

}  // namespace kundehub::cli
