#include "core/text/shell_words.hpp"

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub::text {
namespace {

/// Takes words from a line.
class Splitter {
 public:
  explicit Splitter(std::string_view line) : m_line(line) {}

  std::vector<std::string> split() {
    while (m_at < m_line.size()) {
      const char c = m_line[m_at];
      if (is_blank(c)) {
        end_word();
      } else if (c == '#' && !m_in_word) {
        break;
      } else {
        m_in_word = true;
        take_part(c);
        continue;
      }
      ++m_at;
    }
    end_word();
    return std::move(m_words);
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

  void end_word() {
    if (m_in_word) m_words.push_back(std::move(m_word));
    m_word.clear();
    m_in_word = false;
  }

  void take_part(char c) {
    ++m_at;
    if (c == '\'') {
      take_quoted(c, "");
    } else if (c == '"') {
      take_quoted(c, "$`\"\\");
    } else if (c == '\\' && m_at < m_line.size()) {
      m_word += m_line[m_at++];
    } else {
      m_word += c;
    }
  }

  /// Up to the closing quote; a backslash takes the meaning from the signs of `escapable` only.
  void take_quoted(char quote, std::string_view escapable) {
    for (; m_at < m_line.size(); ++m_at) {
      if (m_line[m_at] == quote) {
        ++m_at;
        return;
      }
      const bool escapes = m_line[m_at] == '\\' && m_at + 1 < m_line.size() &&
                           escapable.find(m_line[m_at + 1]) != std::string_view::npos;
      if (escapes) ++m_at;
      m_word += m_line[m_at];
    }
    throw Error(ErrorKind::bad_data, tr("a quote is not closed: {}", quote),
                tr("a value that has a quote in it stands in quotes of the other kind"));
  }

  std::string_view m_line;
  std::size_t m_at = 0;
  std::vector<std::string> m_words;
  std::string m_word;
  bool m_in_word = false;
};

}  // namespace

std::string shell_word(std::string_view word) {
  constexpr std::string_view harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@,+%";
  if (!word.empty() && word.find_first_not_of(harmless) == std::string_view::npos) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + '\'';
}

std::string join_shell_words(std::span<const std::string> words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    line += shell_word(word);
  }
  return line;
}

std::vector<std::string> split_shell_words(std::string_view line) {
  return Splitter(line).split();
}

}  // namespace kundehub::text
