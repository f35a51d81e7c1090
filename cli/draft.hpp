#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace kundehub::cli {

/// A file for the editor, in a folder of its own that goes with it unless it is kept. Both are the owner's alone.
class Draft {
 public:
  /// Throws Error{no_output} where temporary files cannot be made.
  Draft(const std::string& name, std::string_view content);
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft();

  /// True if it holds something else than `content`, or cannot be read.
  [[nodiscard]] bool differs_from(std::string_view content) const;

  /// What is in it now. Throws Error{no_input}.
  [[nodiscard]] std::string read() const;

  /// Throws as write_file_durably.
  void write(std::string_view content);

  void keep() { m_is_kept = true; }

  [[nodiscard]] const std::filesystem::path& file() const { return m_file; }
  [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }

 private:
  void remove() noexcept;

  std::filesystem::path m_folder, m_file;
  bool m_is_kept = false;
};

}  // namespace kundehub::cli
