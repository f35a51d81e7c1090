#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace kundehub {

/// Owns an open file.
class Descriptor {
 public:
  explicit Descriptor(int fd) : m_fd(fd) {}
  Descriptor(Descriptor&& other) noexcept : m_fd(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] int get() const { return m_fd; }

  /// The file, which from now on is the caller's to close.
  int release() noexcept { return std::exchange(m_fd, -1); }

  /// False if the last of what was written has not reached the disk. NFS tells only here.
  bool close();

 private:
  int m_fd;
};

/// A file that is replaced in one step: until `commit` nobody sees it, and without it nothing has happened. It is
/// written under another name beside the one to be replaced, mode 0600. Each function throws Error{no_output} or
/// Error{permission}.
class DurableFile {
 public:
  /// Makes missing folders, for the owner only (XDG base directory specification). A symbolic link is followed; what is
  /// there and no regular file is refused.
  explicit DurableFile(const std::filesystem::path& file);
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;
  ~DurableFile();

  void write(std::string_view content);

  /// Syncs file and folder. Whoever could read the old file, and nobody else, can read the new one.
  void commit();

  /// The file itself where `file` is a link to it, as in a home whose settings are kept elsewhere.
  static std::filesystem::path target_of(const std::filesystem::path& file);

 private:
  std::filesystem::path m_file, m_target;
  std::string m_name;  ///< of the file beside it; empty once it has the right one
  Descriptor m_descriptor;
};

/// Replaces `file` in one step. Throws as DurableFile.
void write_file_durably(const std::filesystem::path& file, std::string_view content);

}  // namespace kundehub
