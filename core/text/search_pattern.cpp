#include "core/text/search_pattern.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <utf8proc.h>

#include "core/text/code_points.hpp"
#include "core/text/utf8.hpp"

namespace kundehub::text {
namespace {

/// A folded text is small letters without accents, and a byte below the blank for each letter with several spellings.
struct SpecialLetter {
  char code;
  std::string_view strict;  ///< its spelling in two letters
  std::string_view loose;   ///< without the letter's sign
};

constexpr std::array special_letters{SpecialLetter{1, "ae", "a"}, SpecialLetter{2, "oe", "o"},
                                     SpecialLetter{3, "aa", "a"}, SpecialLetter{4, "ue", "u"}};

const SpecialLetter* special_letter(char c) {
  return c >= 1 && c <= 4 ? &special_letters.at(static_cast<std::size_t>(c - 1)) : nullptr;
}

/// U+00C0 to U+00FF, folded. Upper case first, and `×` and `÷` stay what they are in UTF-8.
constexpr std::array<std::string_view, 32> latin{
    "a", "a", "a", "a", "\x01", "\x03", "\x01", "c",        "e",    "e", "e", "e", "i",    "i", "i",  "i",
    "d", "n", "o", "o", "o",    "o",    "\x02", "\xC3\x97", "\x02", "u", "u", "u", "\x04", "y", "th", "ss"};

/// A folded text, and for each of its bytes where in the text the character begins that it stands for.
struct Folded {
  std::string text;
  std::vector<std::uint32_t> place;
};

void fold_rare(std::int32_t value, std::string& folded) {
  if (value == 0x152 || value == 0x153) return folded.push_back('\x02');  // Œ
  std::array<std::int32_t, 8> parts{};
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
  const auto count = utf8proc_decompose_char(value, parts.data(), parts.size(), options, nullptr);
  for (std::size_t i = 0; i < parts.size() && static_cast<utf8proc_ssize_t>(i) < count; ++i) {
    if (classify(parts.at(i)) == CharacterClass::mark) continue;
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto size = utf8proc_encode_char(parts.at(i), bytes.data());
    folded.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
  }
}

/// Adds the character that `text` begins with; returns its bytes.
std::size_t fold_character(std::string_view text, std::string& folded) {
  const char c = text.front();
  if (static_cast<unsigned char>(c) < 0x80) {
    folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : std::max(c, ' ');
    return 1;
  }
  const CodePoint point = first_code_point(text);
  if (point.value >= 0xC0 && point.value <= 0xFF) {
    if (point.value == 0xFF || point.value == 0xFD) {
      folded += 'y';
    } else {
      const auto low = static_cast<std::size_t>(point.value - 0xC0);
      folded += point.value == 0xF7 ? "\xC3\xB7" : point.value == 0xDF ? "ss" : latin.at(low % 32);
    }
  } else if (point.value != CodePoint::invalid) {
    fold_rare(point.value, folded);
  }
  return point.bytes;
}

/// `place` may be null.
void fold(std::string_view text, std::string& folded, std::vector<std::uint32_t>* place) {
  folded.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = fold_character(text.substr(at), folded);
    if (place) place->resize(folded.size(), static_cast<std::uint32_t>(at));
    at += bytes;
  }
}

/// Adds how far into the pattern one gets from `at` with the letter `c` of a text.
void advance(std::string_view pattern, std::size_t at, char c, std::vector<std::size_t>& reached) {
  const auto add = [&](std::size_t next) {
    if (reached.empty() || std::ranges::find(reached, next) == reached.end()) reached.push_back(next);
  };
  const SpecialLetter* letter = special_letter(c);
  if (!letter) {
    if (pattern[at] == c) add(at + 1);
    return;
  }
  for (const std::string_view spelling : {letter->strict, letter->loose}) {
    if (pattern.substr(at).starts_with(spelling)) add(at + spelling.size());
  }
}

/// The length of the stretch at the front of `text` that spells `pattern`; absent if it does not. The text's letters
/// with several spellings may be spelled in any. All ways are followed at once: a name of many such letters must not
/// cost more than another.
std::optional<std::size_t> spelled_length(std::string_view text, std::string_view pattern) {
  thread_local std::vector<std::size_t> places, reached;
  places.assign(1, 0);
  for (std::size_t at = 0; at < text.size() && !places.empty(); ++at) {
    reached.clear();
    for (const std::size_t place : places) advance(pattern, place, text[at], reached);
    if (std::ranges::find(reached, pattern.size()) != reached.end()) return at + 1;
    std::swap(places, reached);
  }
  return std::nullopt;
}

bool is_word_start(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  constexpr std::string_view separators = " -./@&(,'_+";
  return separators.find(text[at - 1]) != std::string_view::npos;
}

/// The best place of `pattern` in a folded text.
std::optional<Match> find_folded(std::string_view text, std::string_view pattern) {
  std::optional<Match> best;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != pattern.front() && !special_letter(text[at])) continue;
    const auto length = spelled_length(text.substr(at), pattern);
    if (!length) continue;
    MatchPlace place = is_word_start(text, at) ? MatchPlace::word_start : MatchPlace::inside;
    if (at == 0) place = *length == text.size() ? MatchPlace::whole : MatchPlace::start;
    if (!best || place < best->place) best = Match{.place = place, .begin = at, .end = at + *length};
    if (best->place <= MatchPlace::word_start) break;
  }
  return best;
}

/// An a is everywhere: whoever types a mere å does not mean it.
constexpr std::size_t least_for_loose = 3;

/// Every spelling of a folded pattern; those with a `loose` letter apart. A pattern with very many special letters is
/// spelled in two letters from the seventh on.
void spell(std::string_view folded, std::string spelled, bool is_loose, int specials, std::vector<std::string>& strict,
           std::vector<std::string>& loose) {
  constexpr int most_specials = 6;
  while (!folded.empty() && !special_letter(folded.front())) {
    spelled += folded.front();
    folded.remove_prefix(1);
  }
  if (folded.empty()) return (is_loose ? loose : strict).push_back(std::move(spelled));
  const SpecialLetter& letter = *special_letter(folded.front());
  folded.remove_prefix(1);
  spell(folded, spelled + std::string(letter.strict), is_loose, specials + 1, strict, loose);
  if (specials < most_specials) spell(folded, spelled + std::string(letter.loose), true, specials + 1, strict, loose);
}

/// True for what a letter with several spellings may stand for.
bool is_ambiguous(char c) {
  return special_letter(c) || c == 'a' || c == 'e' || c == 'o' || c == 'u';
}

/// The longest stretch of a folded pattern that is spelled in one way only.
std::string find_anchor(std::string_view folded) {
  std::string_view longest;
  for (std::size_t start = 0; start < folded.size();) {
    std::size_t end = start;
    while (end < folded.size() && !is_ambiguous(folded[end])) ++end;
    if (end - start > longest.size()) longest = folded.substr(start, end - start);
    start = end + 1;
  }
  return std::string(longest);
}

/// True if every character beyond ASCII is a Danish or other letter that folds to ambiguous ones: in no anchor.
bool folds_to_ambiguous(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const CodePoint point = first_code_point(text.substr(at));
    if (point.value < 0xC0 || point.value > 0xFF) return false;
    const std::string_view folded = latin.at(static_cast<std::size_t>(point.value - 0xC0) % 32);
    if (!std::ranges::all_of(folded, is_ambiguous)) return false;
    at += point.bytes;
  }
  return true;
}

/// How seldom a letter is in Danish names and addresses: the later, the more seldom.
int rarity(char c) {
  constexpr std::string_view by_frequency = "ernadtisloghkfvbmupyj.@ c-wzxq";
  return static_cast<int>(std::min(by_frequency.find(c), by_frequency.size()));
}

/// As text.find(word), looking for the word's rarest letter first. `word` is not empty.
bool holds(std::string_view text, std::string_view word) {
  const auto rarest = std::ranges::max_element(word, {}, rarity);
  const auto offset = static_cast<std::size_t>(rarest - word.begin());
  for (std::size_t at = offset; (at = text.find(*rarest, at)) != std::string_view::npos; ++at) {
    if (text.substr(at - offset, word.size()) == word) return true;
  }
  return false;
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

SearchPattern::SearchPattern(std::string_view text) {
  std::string folded;
  fold(nfc(text), folded, nullptr);
  const std::string_view trimmed = trim(folded);
  if (!trimmed.empty()) spell(trimmed, "", false, 0, m_strict, m_loose);
  m_anchor = find_anchor(trimmed);
  if (trimmed.size() < least_for_loose) m_loose.clear();
}

std::optional<Match> SearchPattern::find(std::string_view text) const {
  thread_local std::string folded;  // a search looks at millions of texts
  fold(text, folded, nullptr);
  std::optional<Match> best;
  for (const auto* spellings : {&m_strict, &m_loose}) {
    for (const std::string& spelling : *spellings) {
      auto match = find_folded(folded, spelling);
      if (match && (!best || match->place < best->place)) best = match;
    }
    if (best) {
      best->is_loose = spellings == &m_loose;
      break;
    }
  }
  if (!best) return best;
  Folded placed;
  fold(text, placed.text, &placed.place);
  const auto place_of = [&](std::size_t at) { return at < placed.place.size() ? placed.place[at] : text.size(); };
  best->begin = place_of(best->begin);
  best->end = place_of(best->end);
  return best;
}

bool SearchPattern::may_match(std::string_view text) const {
  if (m_anchor.empty()) return true;
  thread_local std::string lower;
  lower.resize(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {  // without a branch: many bytes at once
    const char c = text[i];
    const bool is_capital = c >= 'A' && c <= 'Z', is_control = c >= 0 && c < ' ';
    lower[i] = static_cast<char>(is_capital ? c + ('a' - 'A') : is_control ? ' ' : c);
  }
  return holds(lower, m_anchor) || (!is_ascii(text) && !folds_to_ambiguous(text));
}

}  // namespace kundehub::text
