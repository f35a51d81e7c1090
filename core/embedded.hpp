#pragma once

#include <span>
#include <string_view>

namespace kundehub {

/// A file of data/ that is compiled in.
struct EmbeddedFile {
  std::string_view name;  ///< without folders: `0001_initial.sql`, `welcome.da.html`
  std::string_view content;
};

/// In the order of their names.
std::span<const EmbeddedFile> embedded_files();

/// Throws Error{internal} if there is no such file: a defect of the build.
std::string_view embedded_file(std::string_view name);

}  // namespace kundehub
