#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kundehub::text {

/// Where a text matches, from best to worst.
enum class MatchPlace { whole, start, word_start, inside };

/// A stretch of a text that matches: bytes.
struct Match {
  MatchPlace place = MatchPlace::inside;
  bool is_loose = false;  ///< only with æ, ø or å of the pattern taken for a, o or a
  std::size_t begin = 0, end = 0;
};

/// A word or phrase that texts are searched for, without regard to case and accents. Of a Danish letter every spelling
/// is found: `soren`, `soeren` and `sören` in Søren, `aarhus` in Århus and the other way round.
class SearchPattern {
 public:
  /// `text` must be valid UTF-8. Blanks count only inside.
  explicit SearchPattern(std::string_view text);

  /// True if there is nothing to search for.
  [[nodiscard]] bool is_empty() const { return m_strict.empty(); }

  /// The best match in `text`, which must be valid UTF-8.
  [[nodiscard]] std::optional<Match> find(std::string_view text) const;

  /// False only if neither `text` nor any part of it matches: a quick look, before the slow one of `find`. A control
  /// character counts as a blank, so that parts may be joined by line feeds.
  [[nodiscard]] bool may_match(std::string_view text) const;

 private:
  std::vector<std::string> m_strict, m_loose;  ///< the spellings, folded
  std::string m_anchor;                        ///< letters in a row that every match holds as they are; may be empty
};

}  // namespace kundehub::text
