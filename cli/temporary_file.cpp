#include "cli/temporary_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

constexpr const char* remedy = translatable("make room where temporary files go, or name another folder with TMPDIR");

/// Null, and errno, if it cannot be had.
std::FILE* open_in(const char* folder) {
  std::string name = fmt::format("{}/kundehub-XXXXXX", folder);
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return nullptr;
  unlink(name.c_str());
  std::FILE* const file = fdopen(descriptor, "w+");
  if (file == nullptr) close(descriptor);
  return file;
}

}  // namespace

TemporaryFile open_temporary_file() {
  for (const char* folder : {static_cast<const char*>(std::getenv("TMPDIR")), "/var/tmp", "/tmp"}) {
    if (folder == nullptr || *folder == '\0') continue;
    if (TemporaryFile file{open_in(folder)}) return file;
  }
  throw Error(ErrorKind::no_output, tr("no temporary file can be made: {}", std::strerror(errno)), tr_text(remedy));
}

void write_to(std::FILE* file, const char* data, std::size_t size) {
  if (std::fwrite(data, 1, size, file) == size) return;
  throw Error(ErrorKind::no_output, tr("a temporary file cannot be written: {}", std::strerror(errno)),
              tr_text(remedy));
}

}  // namespace kundehub::cli
