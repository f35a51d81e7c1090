#include "core/store/sqlite/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "core/model/error.hpp"

namespace kundehub::sqlite {
namespace {

/// flock(2) has no timeout, and polling would let late comers overtake: so a thread waits in the kernel's queue.
class Waiter : public std::enable_shared_from_this<Waiter> {
 public:
  explicit Waiter(int fd) : m_fd(fd) {}

  bool wait(std::chrono::seconds limit) {
    std::thread([self = shared_from_this()] { self->block(); }).detach();
    std::unique_lock lock(m_mutex);
    m_change.wait_for(lock, limit, [this] { return m_acquired; });
    m_abandoned = !m_acquired;
    return m_acquired;
  }

 private:
  void block() {
    int result = 0;
    do {
      result = flock(m_fd, LOCK_EX);
    } while (result != 0 && errno == EINTR);
    const std::lock_guard lock(m_mutex);
    if (m_abandoned) {
      close(m_fd);  // nobody is left to use it
      return;
    }
    m_acquired = result == 0;
    m_change.notify_one();
  }

  int m_fd;
  std::mutex m_mutex;
  std::condition_variable m_change;
  bool m_acquired = false;
  bool m_abandoned = false;
};

}  // namespace

std::unique_ptr<FileLock> FileLock::acquire(const std::filesystem::path& path, std::chrono::seconds wait) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (fd < 0) {
    throw Error(ErrorKind::permission, fmt::format("{} cannot be opened: {}", path.native(), std::strerror(errno)),
                "the database's folder must be writable to whoever changes it");
  }
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return std::unique_ptr<FileLock>(new FileLock(fd));
  if (wait.count() <= 0) {
    close(fd);
    return nullptr;
  }
  if (std::make_shared<Waiter>(fd)->wait(wait)) return std::unique_ptr<FileLock>(new FileLock(fd));
  return nullptr;  // the waiter closes fd
}

FileLock::~FileLock() {
  close(m_fd);
}

void FileLock::touch() noexcept {
  futimens(m_fd, nullptr);
}

}  // namespace kundehub::sqlite
