#include "core/embedded.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub {

std::string_view embedded_file(std::string_view name) {
  const auto files = embedded_files();
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& file) { return file.name == name; });
  if (found == files.end()) throw Error(ErrorKind::internal, tr("the file {} is not compiled in", name));
  return found->content;
}

}  // namespace kundehub
