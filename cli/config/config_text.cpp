#include "cli/config/config_text.hpp"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"

namespace kundehub::cli {

std::string read_config_text(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  std::ifstream stream(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream || !std::filesystem::is_regular_file(file)) {
    throw Error(ErrorKind::no_input,
                fmt::format("the configuration file {} cannot be read", text::quoted(file.native())));
  }
  return content;
}

}  // namespace kundehub::cli
