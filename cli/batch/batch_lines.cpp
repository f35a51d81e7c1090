#include "cli/batch/batch_lines.hpp"

#include <algorithm>

#include "cli/input.hpp"
#include "core/text/shell_words.hpp"

namespace kundehub::cli {

BatchLines::BatchLines(Session& session, const std::string& file) : m_source(open_input(session, file), std::nullopt) {}

std::optional<std::vector<std::string>> BatchLines::next() {
  while (const auto line = next_line()) {
    auto words = text::split_shell_words(*line);
    if (!words.empty()) return words;
  }
  return std::nullopt;
}

void BatchLines::read_ahead() {
  while (read_more()) continue;
}

bool BatchLines::read_more() {
  try {
    return m_source.read_more(m_text);
  } catch (...) {
    m_is_broken = true;
    ++m_number;  // the line that was begun
    throw;
  }
}

std::optional<std::string> BatchLines::next_line() {
  std::size_t end = 0;
  while ((end = m_text.find('\n', m_at)) == std::string::npos) {
    m_text.erase(0, m_at);
    m_at = 0;
    if (!read_more()) break;
  }
  end = std::min(end, m_text.size());
  if (end == m_at && end == m_text.size()) return std::nullopt;
  std::string line = m_text.substr(m_at, end - m_at);
  m_at = std::min(end + 1, m_text.size());
  ++m_number;
  return line;
}

}  // namespace kundehub::cli
