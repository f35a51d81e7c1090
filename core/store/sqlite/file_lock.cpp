#include "core/store/sqlite/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <fstream>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, int error) {
  const std::string message = tr("{} cannot be locked: {}", text::quoted(path.native()), std::strerror(error));
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
    case ENOENT:
      throw Error(ErrorKind::permission, message, tr("the database's folder must be writable to whoever changes it"));
    case EMFILE:
    case ENFILE:
    case ENOLCK:
    case ENOMEM:
      throw Error(ErrorKind::temporary, message, tr("the system is short of files, locks or memory: try again later"));
    default:
      throw Error(ErrorKind::no_output, message);
  }
}

/// flock(2) has no timeout, and polling would let late comers overtake: so a thread waits in the kernel's queue.
class Waiter : public std::enable_shared_from_this<Waiter> {
 public:
  explicit Waiter(int fd) : m_fd(fd) {}

  /// 0: the lock is held; ETIMEDOUT: `limit` has passed, and the file is closed once the kernel's queue lets go of it;
  /// else why the system refuses it.
  int wait(std::chrono::seconds limit) {
    std::thread([self = shared_from_this()] { self->block(); }).detach();
    std::unique_lock lock(m_mutex);
    m_change.wait_for(lock, limit, [this] { return m_result.has_value(); });
    m_abandoned = !m_result;
    return m_result.value_or(ETIMEDOUT);
  }

 private:
  void block() {
    int result = 0;
    do {
      result = flock(m_fd, LOCK_EX) == 0 ? 0 : errno;
    } while (result == EINTR);
    const std::lock_guard lock(m_mutex);
    if (m_abandoned) {
      close(m_fd);  // nobody is left to use it
      return;
    }
    m_result = result;
    m_change.notify_one();
  }

  int m_fd;
  std::mutex m_mutex;
  std::condition_variable m_change;
  std::optional<int> m_result;
  bool m_abandoned = false;
};

}  // namespace

std::unique_ptr<FileLock> FileLock::acquire(const std::filesystem::path& path, std::chrono::seconds wait) {
  Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
  if (file.get() < 0) refuse(path, errno);
  int result = flock(file.get(), LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
  if (result == EWOULDBLOCK && wait.count() > 0) {
    const auto waiter = std::make_shared<Waiter>(file.get());
    result = waiter->wait(wait);
    if (result == ETIMEDOUT) file.release();  // the waiter closes it
  }
  if (result == EWOULDBLOCK || result == ETIMEDOUT) return nullptr;
  if (result != 0) refuse(path, result);
  return std::unique_ptr<FileLock>(new FileLock(std::move(file)));
}

void FileLock::touch() noexcept {
  futimens(m_file.get(), nullptr);
}

std::optional<int> holder_of(const std::filesystem::path& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  const std::string file = fmt::format(":{}", info.st_ino);
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    // `1: FLOCK  ADVISORY  WRITE 4711 fe:00:10960906 0 EOF`. Whoever waits has an arrow. The device's number is passed
    // over: of an overlay or of Btrfs it is another one than stat(2) has.
    std::istringstream words(line);
    std::string number, kind, strength, access, device;
    int process = 0;
    words >> number >> kind >> strength >> access >> process >> device;
    if (kind == "FLOCK" && access == "WRITE" && process > 0 && device.ends_with(file)) return process;
  }
  return std::nullopt;
}

}  // namespace kundehub::sqlite
