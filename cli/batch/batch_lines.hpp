#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/exchange/text_source.hpp"

namespace kundehub::cli {

/// The lines of a batch, read as they come.
class BatchLines {
 public:
  /// Throws as open_input and TextSource.
  BatchLines(Session& session, const std::string& file);

  /// The words of the next line that has any. Absent at the end. Throws Error{bad_data} as split_shell_words, and as
  /// TextSource: then there is no next line.
  std::optional<std::vector<std::string>> next();

  /// Reads to the end.
  void read_ahead();

  /// True once the rest cannot be read.
  [[nodiscard]] bool is_broken() const { return m_is_broken; }

  /// Of the line that came last, from 1.
  [[nodiscard]] std::size_t number() const { return m_number; }

 private:
  std::optional<std::string> next_line();
  bool read_more();

  exchange::TextSource m_source;
  std::string m_text;
  std::size_t m_at = 0;
  std::size_t m_number = 0;
  bool m_is_broken = false;
};

}  // namespace kundehub::cli
