#include "core/welcome/login_link.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

#include <fmt/format.h>
#include <sodium.h>

#include "core/durable_file.hpp"
#include "core/model/error.hpp"
#include "core/store/operation.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

constexpr int base64_form = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::string_view file_heading = "kundehub link key 1\n";
constexpr std::size_t largest_file = 200;

std::string to_base64(const unsigned char* bytes, std::size_t size) {
  std::string text(sodium_base64_encoded_len(size, base64_form), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes, size, base64_form);
  text.pop_back();  // the terminating zero
  return text;
}

/// Length first, so that no two sequences of fields read the same.
void append_field(std::string& message, std::string_view field) {
  const auto size = static_cast<std::uint32_t>(field.size());
  for (int shift = 24; shift >= 0; shift -= 8) message += static_cast<char>(size >> shift);
  message += field;
}

[[noreturn]] void refuse(const std::filesystem::path& file, std::string_view why, const std::string& hint) {
  throw Error(ErrorKind::config, tr("the link key {} {}", text::quoted(file.native()), why), hint);
}

/// Does not hang on a FIFO, and looks before it reads.
std::string read_private_file(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    refuse(
        file, errno == ENOENT ? tr("is missing") : std::strerror(errno),
        tr("if there is a copy: kundehub db key import FILE; else kundehub init makes one, and the links that are out "
           "end"));
  }
  struct stat info {};
  fstat(fd, &info);
  std::string content(largest_file, '\0');
  const ssize_t size = S_ISREG(info.st_mode) ? read(fd, content.data(), content.size()) : -1;
  close(fd);
  if (size < 0) refuse(file, tr("cannot be read: it is no regular file"), "");
  if ((info.st_mode & S_IRWXO) != 0) {
    refuse(file, tr("can be read by every user of this machine"),
           fmt::format("chmod 600 {}", text::shell_word(file.native())));
  }
  content.resize(static_cast<std::size_t>(size));
  return content;
}

/// The rest of the line of `content` that begins with `name` and a space; empty if there is none.
std::string_view line_value(std::string_view content, std::string_view name) {
  const std::string start = fmt::format("\n{} ", name);
  const std::size_t place = content.find(start);
  if (place == std::string_view::npos) return {};
  content.remove_prefix(place + start.size());
  return content.substr(0, content.find('\n'));
}

[[noreturn]] void fail_to_write(const std::filesystem::path& file, int reason) {
  throw Error(reason == EACCES ? ErrorKind::permission : ErrorKind::no_output,
              tr("the link key {} cannot be made: {}", text::quoted(file.native()), std::strerror(reason)));
}

/// Writes a new file with mode 0600 and syncs it.
void write_private_file(const std::filesystem::path& file, const std::string& content) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) fail_to_write(file, errno);
  const bool written =
      write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && fsync(fd) == 0;
  const int reason = errno;
  close(fd);
  if (written) return;
  unlink(file.c_str());
  fail_to_write(file, reason);
}

void sync_folder(const std::filesystem::path& file) {
  const int fd = open(file.has_parent_path() ? file.parent_path().c_str() : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

}  // namespace

LinkKey LinkKey::load(const std::filesystem::path& file) {
  const std::string content = read_private_file(file);
  LinkKey key;
  const std::string_view secret = line_value(content, "key");
  const std::string_view epoch = line_value(content, "epoch");
  std::size_t size = 0;
  const char* end = nullptr;
  const bool decoded = sodium_base642bin(key.m_key.data(), key.m_key.size(), secret.data(), secret.size(), nullptr,
                                         &size, &end, base64_form) == 0;
  const auto number = std::from_chars(epoch.data(), epoch.data() + epoch.size(), key.m_epoch);
  if (!content.starts_with(file_heading) || !decoded || size != key.m_key.size() ||
      end != secret.data() + secret.size() || number.ec != std::errc()) {
    refuse(
        file, tr("is malformed"),
        tr("if there is a copy: kundehub db key import FILE; else move it away and run kundehub init: links will end"));
  }
  return key;
}

LinkKey LinkKey::generate() {
  LinkKey key;
  randombytes_buf(key.m_key.data(), key.m_key.size());
  return key;
}

bool LinkKey::create(const std::filesystem::path& file) {
  if (std::filesystem::exists(std::filesystem::symlink_status(file))) return false;
  const std::string content = generate().content();
  // Written aside and linked when whole: a key cut short would end every link, and one that is there must not be
  // replaced.
  std::filesystem::path aside = file;
  aside += fmt::format(".{}", getpid());
  write_private_file(aside, content);
  const int result = link(aside.c_str(), file.c_str());
  const int reason = errno;
  unlink(aside.c_str());
  if (result != 0 && reason == EEXIST) return false;
  if (result != 0) fail_to_write(file, reason);
  sync_folder(file);
  return true;
}

std::string LinkKey::content() const {
  return fmt::format("{}epoch {}\nkey {}\n", file_heading, m_epoch, to_base64(m_key.data(), m_key.size()));
}

void LinkKey::save(const std::filesystem::path& file) const {
  write_file_durably(file, content());
}

LinkKey LinkKey::with_next_epoch() const {
  LinkKey next = *this;
  ++next.m_epoch;
  return next;
}

LinkKey LinkKey::in_place_of(const LinkKey& present) const {
  LinkKey key = *this;
  if (m_key == present.m_key) key.m_epoch = std::max(m_epoch, present.m_epoch);
  return key;
}

bool LinkKey::has_made(const LoginLink& link) const {
  return token_hash(token(link.contact, link.generation, link.nonce)) == link.token_hash;
}

std::array<unsigned char, 32> LinkKey::address_hash(const std::string& email_key) const {
  std::string message;
  append_field(message, "kundehub-erased-v1");
  append_field(message, email_key);
  return mac(message);
}

std::string LinkKey::token(ContactId contact, std::int64_t generation, const Nonce& nonce) const {
  std::string message;
  append_field(message, "kundehub-welcome-v1");
  append_field(message, fmt::format("{}", m_epoch));
  append_field(message, fmt::format("{}", contact.value));
  append_field(message, fmt::format("{}", generation));
  append_field(message, std::string_view(reinterpret_cast<const char*>(nonce.data()), nonce.size()));
  const auto code = mac(message);
  return to_base64(code.data(), code.size());
}

std::string LinkKey::open_token(ContactId contact, const Nonce& nonce) const {
  std::string message;
  append_field(message, "kundehub-open-v1");
  append_field(message, fmt::format("{}", m_epoch));
  append_field(message, fmt::format("{}", contact.value));
  append_field(message, std::string_view(reinterpret_cast<const char*>(nonce.data()), nonce.size()));
  const auto code = mac(message);
  return to_base64(code.data(), code.size());
}

std::array<unsigned char, 32> LinkKey::mac(const std::string& message) const {
  std::array<unsigned char, 32> code{};
  crypto_auth_hmacsha256(code.data(), reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                         m_key.data());
  return code;
}

TokenHash token_hash(const std::string& token) {
  TokenHash hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(token.data()), token.size());
  return hash;
}

Nonce random_nonce() {
  Nonce nonce{};
  randombytes_buf(nonce.data(), nonce.size());
  return nonce;
}

std::string without_tokens(std::string text) {
  constexpr std::string_view mark = "token=";
  const auto is_token_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
    at += mark.size();
    const std::size_t begin = at;
    while (at < text.size() && is_token_char(text[at])) ++at;
    text.replace(begin, at - begin, at - begin, '*');
  }
  return text;
}

bool is_same_token(const std::string& a, const std::string& b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string open_url(const std::string& hub_url, const std::string& token) {
  return fmt::format("{}/open?token={}", hub_url, token);
}

std::string login_url(const std::string& hub_url, const std::string& token) {
  return fmt::format("{}/welcome?token={}", hub_url, token);
}

}  // namespace kundehub
