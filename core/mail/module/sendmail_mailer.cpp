#include "core/mail/module/sendmail_mailer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 declares for C only
}

#include <fmt/core.h>

#include "core/mail/module/local_failure.hpp"
#include "core/mail/module/plain_text.hpp"

namespace kundehub::mail {
namespace {

[[noreturn]] void fail(const std::string& deed) {
  throw std::system_error(errno, std::generic_category(), deed);
}

/// A descriptor, closed with its scope.
class Descriptor {
 public:
  Descriptor(int descriptor, const char* deed) : m_descriptor(descriptor) {
    if (descriptor < 0) fail(deed);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(m_descriptor); }

  [[nodiscard]] int get() const noexcept { return m_descriptor; }

 private:
  int m_descriptor;
};

int memory_file() {
  return memfd_create("kundehub-mail", MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

/// From here on nobody can change the mail, and all of it is there.
void fill_and_seal(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("cannot keep the mail in memory");
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (lseek(file, 0, SEEK_SET) != 0 ||
      fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
    fail("cannot seal the mail in memory");
}

/// Its lines joined by ` / `, as a server's reply is kept.
std::string read_back(int file) {
  std::array<char, max_reply_bytes + 1> text{};
  const ssize_t size = pread(file, text.data(), text.size(), 0);
  std::string said;
  for (const char c : std::string_view(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0)) {
    if (c == '\n') {
      said += " / ";
    } else {
      said += c;
    }
  }
  while (said.ends_with(" / ")) said.resize(said.size() - 3);
  return said;
}

/// posix_spawn's two settings, freed with their scope.
struct SpawnSettings {
  SpawnSettings(int input, int output) {
    if (posix_spawn_file_actions_init(&actions) != 0 || posix_spawnattr_init(&attributes) != 0) throw std::bad_alloc();
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int signal : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP}) sigaddset(&defaults, signal);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);  // an interrupt at the terminal is ours alone: the mail is on its way
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/// Starts the program. Returns its process, or throws std::system_error: then it has never run.
pid_t start(const std::string& path, const WireMail& mail, int input, int output) {
  const SpawnSettings settings(input, output);
  std::string program = path, sender = mail.sender, recipient = mail.recipient;
  std::string ignore_dots = "-i", from = "-f", end_of_options = "--";
  const std::array<char*, 7> arguments{program.data(),        ignore_dots.data(), from.data(), sender.data(),
                                       end_of_options.data(), recipient.data(),   nullptr};
  pid_t child = 0;
  errno = posix_spawn(&child, path.c_str(), &settings.actions, &settings.attributes, arguments.data(), environ);
  if (errno != 0) fail(fmt::format("cannot run {}", quoted(path)));
  return child;
}

Outcome outcome_of(int exit_status) {
  switch (exit_status) {
    case EX_OK:
      return Outcome::accepted;
    case EX_DATAERR:
    case EX_NOUSER:
    case EX_NOHOST:
    case EX_UNAVAILABLE:
      return Outcome::rejected;
    case EX_USAGE:
    case EX_NOINPUT:
    case EX_NOPERM:
    case EX_CONFIG:
    case 126:
    case 127:
      return Outcome::our_fault;
    default:
      return Outcome::deferred;
  }
}

SendResult from_system_error(const std::system_error& error) {
  const int code = error.code().value();
  const bool passes = code != ENOENT && code != EACCES && code != ENOEXEC && code != ENOTDIR;
  return {.outcome = Outcome::our_fault, .retry_later = passes, .reply = printable(error.what())};
}

SendResult from_exit(const std::string& path, int status, std::string_view said) {
  const std::string colon = said.empty() ? "" : ": ";
  if (!WIFEXITED(status)) {
    return {.outcome = Outcome::uncertain,
            .stage = Stage::final_dot,
            .reply = printable(fmt::format("{} was killed{}{}", path, colon, said))};
  }
  const int code = WEXITSTATUS(status);
  return {.outcome = outcome_of(code),
          .stage = Stage::final_dot,
          .code = code,
          .reply = printable(fmt::format("{} ended with {}{}{}", path, code, colon, said))};
}

}  // namespace

/// False if it still runs when it has to be given up.
bool SendmailMailer::ends_in_time(int process) const {
  const auto deadline = std::chrono::steady_clock::now() + m_timeout;
  pollfd watched{.fd = process, .events = POLLIN, .revents = 0};
  while (poll(&watched, 1, 500) <= 0) {
    if (std::chrono::steady_clock::now() >= deadline || (m_give_up && m_give_up(Phase::dot_released))) return false;
  }
  return true;
}

SendResult SendmailMailer::run(const WireMail& mail, int input, int output) const {
  const pid_t child = start(m_path, mail, input, output);
  const int process = pidfd_open(child, 0);
  const bool ended = process < 0 || ends_in_time(process);
  if (process >= 0) close(process);
  if (!ended) kill(-child, SIGKILL);
  const int status = wait_for(child);
  if (ended) return from_exit(m_path, status, read_back(output));
  return {.outcome = Outcome::uncertain,
          .stage = Stage::final_dot,
          .reply = printable(fmt::format("{} did not end in time", m_path))};
}

SendResult SendmailMailer::deliver(const Message& message, const BeforeFinalDot& before_final_dot) const {
  const WireMail mail = compose_mail(message);
  if (access(m_path.c_str(), X_OK) != 0) fail(fmt::format("cannot run {}", quoted(m_path)));
  const Descriptor input(memory_file(), "cannot keep the mail in memory");
  fill_and_seal(input.get(), mail.content_with_lf());
  const Descriptor output(memory_file(), "cannot keep the program's answer");
  if (!before_final_dot()) {
    return {.outcome = Outcome::abandoned, .stage = Stage::data, .reply = "stopped before the mail was complete"};
  }
  return run(mail, input.get(), output.get());
}

SendResult SendmailMailer::send(const Message& message, const BeforeFinalDot& before_final_dot) noexcept {
  return deliver_or_explain([&] { return deliver(message, before_final_dot); }, from_system_error);
}

}  // namespace kundehub::mail
