#include "core/text/nearest.hpp"

#include <algorithm>
#include <vector>

#include "core/text/code_points.hpp"
#include "core/text/utf8.hpp"

namespace kundehub::text {
namespace {

using CodePoints = std::vector<std::int32_t>;

CodePoints to_code_points(std::string_view text) {
  const std::string folded = is_valid_utf8(text) ? fold_case(text) : std::string(text);
  CodePoints points;
  for (std::string_view rest = folded; !rest.empty();) {
    const CodePoint point = first_code_point(rest);
    points.push_back(point.value);
    rest.remove_prefix(point.bytes);
  }
  return points;
}

/// Damerau-Levenshtein distance in its restricted form (optimal string alignment): insertions, deletions, replacements
/// and swaps of neighbours, each 1, no part edited twice. Three rows of the table are enough.
std::size_t distance(const CodePoints& a, const CodePoints& b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

/// How far `name` is from `word`; absent if `word` does not mean it.
std::optional<std::size_t> near_distance(const CodePoints& word, const CodePoints& name) {
  const auto [shorter, longer] = std::minmax({word.size(), name.size()});
  const std::size_t allowed = std::max<std::size_t>(longer / 3, 1);
  // Also keeps a word of a megabyte from filling a table.
  if (longer - shorter > allowed) return std::nullopt;
  const std::size_t edits = distance(word, name);
  // With every character replaced, nothing of the word is left to be near to: `x` does not mean `y`.
  if (edits > allowed || edits >= longer) return std::nullopt;
  return edits;
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string_view> known) {
  if (word.empty()) return std::nullopt;
  const CodePoints wanted = to_code_points(word);
  std::optional<std::string_view> best;
  std::size_t best_rank = 0;
  for (const std::string_view candidate : known) {
    const CodePoints name = to_code_points(candidate);
    const bool begins = name.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), name.begin());
    const auto edits = begins ? std::optional(name.size() - wanted.size()) : near_distance(wanted, name);
    if (!edits) continue;
    // A beginning is what people type on purpose, so it comes before every slip of the fingers.
    const std::size_t rank = begins ? *edits : *edits + (std::size_t{1} << 32);
    if (!best || rank < best_rank) {
      best = candidate;
      best_rank = rank;
    }
  }
  return best ? std::optional<std::string>(*best) : std::nullopt;
}

}  // namespace kundehub::text
