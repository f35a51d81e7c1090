#include "core/mail/module/maildir_mailer.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <system_error>

#include <fmt/core.h>

#include "core/mail/module/compose.hpp"
#include "core/mail/module/local_failure.hpp"
#include "core/mail/module/plain_text.hpp"

namespace kundehub::mail {
namespace {

[[noreturn]] void fail(std::string_view deed, const std::string& path) {
  const int error = errno;
  throw std::system_error(error, std::generic_category(), fmt::format("cannot {} {}", deed, quoted(path)));
}

/// An open file, closed with its scope. Throws std::system_error.
class File {
 public:
  File(std::string path, int flags)
      : m_path(std::move(path)), m_descriptor(open(m_path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (m_descriptor < 0) fail("open", m_path);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(m_descriptor); }

  void write(std::string_view content) const {
    while (!content.empty()) {
      const ssize_t written = ::write(m_descriptor, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("write", m_path);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void sync() const {
    if (fsync(m_descriptor) != 0) fail("sync", m_path);
  }

 private:
  std::string m_path;
  int m_descriptor;
};

void sync_directory(const std::string& path) {
  File(path, O_RDONLY | O_DIRECTORY).sync();
}

/// Makes the directory unless it is there, and its name durable.
void make_directory(const std::string& path, const std::string& parent) {
  if (mkdir(path.c_str(), 0700) == 0) {
    sync_directory(parent);
  } else if (errno != EEXIST) {
    fail("make", path);
  }
}

std::string parent_of(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

void make_maildir(const std::string& path) {
  make_directory(path, parent_of(path));
  for (const char* name : {"tmp", "new", "cur"}) make_directory(fmt::format("{}/{}", path, name), path);
}

/// A file name that no other Message-ID gives: `/` cannot stand in one, `:` begins a Maildir's flags, a dot at the
/// beginning hides the file.
std::string file_name(std::string_view message_id) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@_+-.";
  std::string name;
  for (const char c : message_id) {
    const bool keep = plain.find(c) != std::string_view::npos && !(name.empty() && c == '.');
    name += keep ? std::string(1, c) : fmt::format("={:02X}", static_cast<unsigned char>(c));
  }
  return name;
}

bool exists(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) == 0) return true;
  if (errno != ENOENT) fail("look for", path);
  return false;
}

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

/// Where the mail of an earlier try is. new/ comes first: a reader moves mails from there to cur/, never back.
std::optional<std::string> find_delivered(const std::string& maildir, const std::string& name) {
  std::string in_new = fmt::format("{}/new/{}", maildir, name);
  if (exists(in_new)) return in_new;
  const std::string cur = maildir + "/cur";
  const std::unique_ptr<DIR, CloseDirectory> directory(opendir(cur.c_str()));
  if (!directory) fail("read", cur);
  errno = 0;
  while (const dirent* entry = readdir(directory.get())) {
    const std::string_view found = entry->d_name;
    if (found.substr(0, found.find(':')) == name) return fmt::format("{}/{}", cur, found);
  }
  if (errno != 0) fail("read", cur);
  return std::nullopt;
}

/// A file in tmp/ that is removed again unless it has left it.
class TemporaryFile {
 public:
  TemporaryFile(std::string path, std::string_view content) : m_path(std::move(path)) {
    unlink(m_path.c_str());  // the torso of a try that was killed
    const File file(m_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    try {
      file.write(content);
      file.sync();
    } catch (...) {
      unlink(m_path.c_str());
      throw;
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { unlink(m_path.c_str()); }

  void move_to(const std::string& path) const {
    if (rename(m_path.c_str(), path.c_str()) != 0) fail("rename", m_path);
  }

 private:
  std::string m_path;
};

SendResult accepted(const std::string& path) {
  return {.outcome = Outcome::accepted, .stage = Stage::final_dot, .reply = printable("delivered to " + path)};
}

SendResult abandoned() {
  return {.outcome = Outcome::abandoned, .stage = Stage::data, .reply = "stopped before the mail was complete"};
}

SendResult from_system_error(const std::system_error& error) {
  SendResult result{.outcome = Outcome::our_fault, .stage = Stage::data, .reply = printable(error.what())};
  switch (error.code().value()) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO:
      result.outcome = Outcome::deferred;
      break;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EINTR:
      result.retry_later = true;
      break;
    default:
      break;
  }
  return result;
}

/// A name that the folder has not been synced with may be gone after a power cut: so also for a mail found there.
SendResult accepted_once_synced(const std::string& delivered) {
  try {
    sync_directory(delivered.substr(0, delivered.rfind('/')));
  } catch (const std::system_error& error) {
    return {.outcome = Outcome::uncertain, .stage = Stage::final_dot, .reply = printable(error.what())};
  }
  return accepted(delivered);
}

}  // namespace

SendResult MaildirMailer::deliver(const Message& message, const BeforeFinalDot& before_final_dot) const {
  const WireMail mail = compose_mail(message);
  make_maildir(m_path);
  const std::string name = file_name(message.message_id);
  if (const auto earlier = find_delivered(m_path, name)) {
    return before_final_dot() ? accepted_once_synced(*earlier) : abandoned();
  }
  const TemporaryFile file(fmt::format("{}/tmp/{}", m_path, name), mail.content_with_lf());
  if (!before_final_dot()) return abandoned();
  const std::string delivered = fmt::format("{}/new/{}", m_path, name);
  file.move_to(delivered);
  return accepted_once_synced(delivered);
}

SendResult MaildirMailer::send(const Message& message, const BeforeFinalDot& before_final_dot) noexcept {
  return deliver_or_explain([&] { return deliver(message, before_final_dot); }, from_system_error);
}

}  // namespace kundehub::mail
