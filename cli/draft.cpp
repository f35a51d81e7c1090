#include "cli/draft.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include "core/durable_file.hpp"
#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {

Draft::Draft(const std::string& name, std::string_view content) {
  std::string folder = (std::filesystem::temp_directory_path() / "kundehub-XXXXXX").native();
  if (!mkdtemp(folder.data())) throw Error(ErrorKind::no_output, tr("no folder for the draft can be made"));
  m_folder = folder;
  m_file = m_folder / name;
  try {
    write_file_durably(m_file, content);
  } catch (...) {
    remove();
    throw;
  }
}

Draft::~Draft() {
  if (!m_is_kept) remove();
}

bool Draft::differs_from(std::string_view content) const {
  try {
    return read() != content;
  } catch (const Error&) {
    std::error_code error;
    return std::filesystem::exists(m_file, error);  // what is not there is nothing to keep
  }
}

std::string Draft::read() const {
  std::ifstream stream(m_file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) throw Error(ErrorKind::no_input, tr("what the editor has written cannot be read"));
  return content;
}

void Draft::write(std::string_view content) {
  write_file_durably(m_file, content);
}

void Draft::remove() noexcept {
  std::error_code ignored;
  std::filesystem::remove_all(m_folder, ignored);
}

}  // namespace kundehub::cli
