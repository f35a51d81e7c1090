#include "core/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

[[noreturn]] void fail_to_write(const std::filesystem::path& file, int error) {
  throw Error(error == EACCES || error == EPERM ? ErrorKind::permission : ErrorKind::no_output,
              tr("{} cannot be written: {}", text::quoted(file.native()), std::strerror(error)));
}

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

/// The target, once its folder is there and nothing stands in its place that must not be replaced.
std::filesystem::path prepare(const std::filesystem::path& file) {
  std::filesystem::path target = DurableFile::target_of(file);
  struct stat info {};
  if (stat(target.c_str(), &info) == 0 && !S_ISREG(info.st_mode))
    throw Error(ErrorKind::no_output, tr("{} is no regular file", text::quoted(file.native())),
                tr("name a file that may be replaced"));
  make_folders(target.parent_path());
  return target;
}

std::string neighbour_of(const std::filesystem::path& target) {
  return (target.parent_path() / fmt::format(".{}.{}", target.filename().native(), std::string(6, 'X'))).native();
}

}  // namespace

bool Descriptor::close() {
  if (m_fd < 0) return true;
  const int fd = std::exchange(m_fd, -1);
  return ::close(fd) == 0;
}

DurableFile::DurableFile(const std::filesystem::path& file)
    : m_file(file),
      m_target(prepare(file)),
      m_name(neighbour_of(m_target)),
      m_descriptor(mkostemp(m_name.data(), O_CLOEXEC)) {
  if (m_descriptor.get() < 0) fail_to_write(file, errno);
}

DurableFile::~DurableFile() {
  if (!m_name.empty()) unlink(m_name.c_str());
}

void DurableFile::write(std::string_view content) {
  if (!write_all(m_descriptor.get(), content)) fail_to_write(m_file, errno);
}

void DurableFile::commit() {
  const int fd = m_descriptor.get();
  const bool written = copy_access(fd, m_target) && fsync(fd) == 0 && m_descriptor.close() &&
                       std::rename(m_name.c_str(), m_target.c_str()) == 0;
  if (!written) fail_to_write(m_file, errno);
  m_name.clear();

  // The new name is on the disk only when the folder is.
  const Descriptor folder(open(m_target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || fsync(folder.get()) != 0) fail_to_write(m_file, errno);
}

/// The file itself where `file` is a link to it, as in a home whose settings are kept elsewhere.
std::filesystem::path DurableFile::target_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(file, error);
  const std::filesystem::path target = std::filesystem::canonical(file, error);
  return error ? absolute : target;
}

void write_file_durably(const std::filesystem::path& file, std::string_view content) {
  DurableFile durable(file);
  durable.write(content);
  durable.commit();
}

}  // namespace kundehub
