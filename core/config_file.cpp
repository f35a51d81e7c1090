#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "core/config.hpp"
#include "core/durable_file.hpp"
#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

constexpr std::size_t max_config_bytes = 1024 * 1024;

[[noreturn]] void fail_to_read(const std::filesystem::path& file, std::string_view why) {
  throw Error(errno == EACCES ? ErrorKind::permission : ErrorKind::config,
              tr("configuration {} cannot be read: {}", text::quoted(file.native()), why));
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
    fail_to_read(file, tr("it is larger than 1 MiB"));
  }
}

Config load_config(const std::filesystem::path& file) {
  return parse_config(read_config(file), file.native());
}

ConfigTurn::ConfigTurn(const std::filesystem::path& file)
    : m_folder(open(DurableFile::target_of(file).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  while (m_folder >= 0 && flock(m_folder, LOCK_EX) != 0 && errno == EINTR) {
  }
}

ConfigTurn::~ConfigTurn() {
  if (m_folder >= 0) close(m_folder);
}

}  // namespace kundehub
