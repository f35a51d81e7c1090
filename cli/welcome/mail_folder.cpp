#include "cli/welcome/mail_folder.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <istream>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_mail_bytes = 16 * 1024 * 1024;

std::vector<fs::path> files_in(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code unknown;
    if (entry->is_regular_file(unknown)) files.push_back(entry->path());
  }
  if (error) {
    throw Error(ErrorKind::no_input, tr("cannot read {}: {}", text::quoted(folder.native()), error.message()),
                tr("MAILDIR is a folder with new/ and cur/, or - for one mail on standard input"));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::string read_mail(std::istream& stream) {
  std::string mail;
  std::array<char, 64 * 1024> chunk{};
  while (stream.read(chunk.data(), chunk.size()) || stream.gcount() > 0) {
    mail.append(chunk.data(), static_cast<std::size_t>(stream.gcount()));
    if (mail.size() > max_mail_bytes) throw Error(ErrorKind::no_input, tr("the mail is larger than 16 MiB"));
  }
  return mail;
}

void each_mail(const fs::path& maildir, const std::function<void(const std::string&, const std::string&)>& visit,
               const std::function<void(const std::string&)>& refuse) {
  for (const char* folder : {"new", "cur"}) {
    for (const fs::path& file : files_in(maildir / folder)) {
      std::ifstream stream(file, std::ios::binary);
      try {
        if (!stream) throw Error(ErrorKind::no_input, tr("cannot be read"));
        visit(file.native(), read_mail(stream));
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::no_input) throw;
        refuse(fmt::format("{}: {}", text::quoted(file.native()), error.what()));
      }
    }
  }
}

}  // namespace kundehub::cli
