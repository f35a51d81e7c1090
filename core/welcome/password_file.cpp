#include "core/welcome/password_file.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

void check_private(const std::filesystem::path& file) {
  struct stat info {};
  if (stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
    throw Error(ErrorKind::config, tr("the password file {} cannot be read", text::quoted(file.native())),
                "kundehub config set mail.password_file FILE");
  }
  if ((info.st_mode & S_IRWXO) == 0) return;
  throw Error(ErrorKind::config,
              tr("the password file {} can be read by every user of this machine", text::quoted(file.native())),
              fmt::format("chmod 600 {}", text::shell_word(file.native())));
}

}  // namespace

std::string read_password(const std::filesystem::path& password_file,
                          const std::optional<std::string>& credentials_directory) {
  std::filesystem::path file = password_file;
  if (credentials_directory) {
    const auto credential = std::filesystem::path(*credentials_directory) / "kundehub.password";
    if (std::filesystem::exists(credential)) file = credential;
  }
  if (file.empty()) return {};
  check_private(file);
  std::ifstream stream(file);
  std::string password;
  if (!std::getline(stream, password)) {
    throw Error(ErrorKind::config, tr("the password file {} is empty or cannot be read", text::quoted(file.native())));
  }
  return password;
}

}  // namespace kundehub
