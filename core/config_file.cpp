#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "core/config.hpp"
#include "core/model/error.hpp"
#include "core/text/terminal.hpp"

namespace kundehub {
namespace {

constexpr std::size_t max_config_bytes = 1024 * 1024;

[[noreturn]] void fail_to_read(const std::filesystem::path& file, std::string_view why) {
  throw Error(errno == EACCES ? ErrorKind::permission : ErrorKind::config,
              fmt::format("configuration {} cannot be read: {}", text::quoted(file.native()), why));
}

[[noreturn]] void fail_to_write(const std::filesystem::path& file, int error) {
  throw Error(error == EACCES || error == EPERM ? ErrorKind::permission : ErrorKind::no_output,
              fmt::format("{} cannot be written: {}", text::quoted(file.native()), std::strerror(error)));
}

/// Owns an open file.
class Descriptor {
 public:
  explicit Descriptor(int fd) : m_fd(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] int get() const { return m_fd; }

  /// False if the last of what was written has not reached the disk. NFS tells only here.
  bool close() {
    if (m_fd < 0) return true;
    const int fd = std::exchange(m_fd, -1);
    return ::close(fd) == 0;
  }

 private:
  int m_fd;
};

/// A new file beside the one to be replaced, gone again unless it is renamed.
class Neighbour {
 public:
  explicit Neighbour(const std::filesystem::path& file)
      : m_name((file.parent_path() / fmt::format(".{}.{}", file.filename().native(), std::string(6, 'X'))).native()),
        m_file(mkostemp(m_name.data(), O_CLOEXEC)) {
    if (m_file.get() < 0) fail_to_write(file, errno);
  }
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;
  ~Neighbour() {
    if (!m_name.empty()) unlink(m_name.c_str());
  }

  Descriptor& file() { return m_file; }

  bool rename_to(const std::filesystem::path& target) {
    if (std::rename(m_name.c_str(), target.c_str()) != 0) return false;
    m_name.clear();
    return true;
  }

 private:
  std::string m_name;
  Descriptor m_file;
};

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Lets those read the new file who could read the old one, and nobody else.
bool copy_access(int fd, const std::filesystem::path& old) {
  struct stat info {};
  if (stat(old.c_str(), &info) != 0) return errno == ENOENT;
  const bool same_group =
      fchown(fd, info.st_uid, info.st_gid) == 0 || fchown(fd, static_cast<uid_t>(-1), info.st_gid) == 0;
  const mode_t kept = same_group ? 0777 : 0700;  // never open to another group than before
  return fchmod(fd, info.st_mode & kept) == 0;
}

/// As create_directories, but for the owner only (XDG base directory specification).
void make_folders(const std::filesystem::path& folder) {
  std::filesystem::path made;
  for (const auto& part : folder) {
    made /= part;
    struct stat info {};
    if (stat(made.c_str(), &info) == 0) continue;
    if (mkdir(made.c_str(), 0700) != 0 && errno != EEXIST) fail_to_write(made, errno);
  }
}

/// The file itself where `file` is a link to it, as in a home whose settings are kept elsewhere.
std::filesystem::path follow_links(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(file, error);
  const std::filesystem::path target = std::filesystem::canonical(file, error);
  return error ? absolute : target;
}

}  // namespace

std::string read_config(const std::filesystem::path& file) {
  const Descriptor input(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (input.get() < 0) fail_to_read(file, std::strerror(errno));
  std::string content;
  std::array<char, 16 * 1024> chunk{};
  for (;;) {
    const ssize_t got = read(input.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_to_read(file, std::strerror(errno));
    if (got == 0) return content;
    content.append(chunk.data(), static_cast<std::size_t>(got));
    if (content.size() <= max_config_bytes) continue;
    errno = EFBIG;
    fail_to_read(file, "it is larger than 1 MiB");
  }
}

Config load_config(const std::filesystem::path& file) {
  return parse_config(read_config(file), file.native());
}

ConfigTurn::ConfigTurn(const std::filesystem::path& file)
    : m_folder(open(follow_links(file).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  while (m_folder >= 0 && flock(m_folder, LOCK_EX) != 0 && errno == EINTR) {
  }
}

ConfigTurn::~ConfigTurn() {
  if (m_folder >= 0) close(m_folder);
}

void write_file_durably(const std::filesystem::path& file, std::string_view content) {
  const std::filesystem::path target = follow_links(file);
  struct stat info {};
  if (stat(target.c_str(), &info) == 0 && !S_ISREG(info.st_mode))
    throw Error(ErrorKind::no_output, fmt::format("{} is no regular file", text::quoted(file.native())));
  make_folders(target.parent_path());
  Neighbour neighbour(target);
  const bool written = write_all(neighbour.file().get(), content) && copy_access(neighbour.file().get(), target) &&
                       fsync(neighbour.file().get()) == 0 && neighbour.file().close() && neighbour.rename_to(target);
  if (!written) fail_to_write(file, errno);

  // The new name is on the disk only when the folder is.
  const Descriptor folder(open(target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || fsync(folder.get()) != 0) fail_to_write(file, errno);
}

}  // namespace kundehub
