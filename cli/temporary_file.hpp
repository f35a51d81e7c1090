#pragma once

#include <cstdio>
#include <memory>

namespace kundehub::cli {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

using TemporaryFile = std::unique_ptr<std::FILE, FileCloser>;

/// An empty file without a name, to write and to read, mode 0600: where SQLite has its own, in TMPDIR, or else in
/// /var/tmp or /tmp. Throws Error{no_output} if there is no place for it.
TemporaryFile open_temporary_file();

/// Appends `size` bytes. Throws Error{no_output} if the disk is full.
void write_to(std::FILE* file, const char* data, std::size_t size);

}  // namespace kundehub::cli
