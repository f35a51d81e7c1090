#include "core/service/customer_search.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/service/lookup.hpp"
#include "core/text/search_pattern.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

constexpr std::size_t most_words = 8;
constexpr unsigned char worst = 255;

bool is_phone(SearchField field) {
  return field == SearchField::phone || field == SearchField::contact_phone;
}

/// How good a match is, 0 the best: what is looked for by its key comes before names, names before what lies inside.
unsigned char rank(SearchField field, const text::Match& match) {
  constexpr std::array<std::array<int, 4>, 8> ranks{{{0, 2, 8, 8},     // number: whole, start, word start, inside
                                                     {1, 3, 4, 9},     // name
                                                     {0, 5, 8, 10},    // cvr
                                                     {0, 5, 7, 10},    // email
                                                     {0, 5, 8, 10},    // phone
                                                     {2, 5, 6, 10},    // contact's name
                                                     {0, 6, 7, 11},    // its email
                                                     {0, 6, 8, 11}}};  // its phone
  const int base = ranks.at(static_cast<std::size_t>(field)).at(static_cast<std::size_t>(match.place));
  return static_cast<unsigned char>(base * 2 + (match.is_loose ? 1 : 0));
}

std::string digits_of(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

/// Where in `text` the digit with this number stands, from 0. There is one.
std::size_t place_of_digit(std::string_view text, std::size_t number) {
  std::size_t at = 0;
  while (text[at] < '0' || text[at] > '9' || number-- > 0) ++at;
  return at;
}

/// True for digits and what people write between those of a telephone or CVR number.
bool is_number(std::string_view text) {
  constexpr std::size_t least_digits = 4;
  return text.find_first_not_of("0123456789 +()-./") == std::string_view::npos &&
         digits_of(text).size() >= least_digits;
}

/// The digits of a number without the country's code, which few numbers are stored with.
std::string national_digits(std::string_view text) {
  std::string digits = digits_of(text);
  constexpr std::size_t danish = 8;
  const std::size_t code = text.starts_with("+45") ? 2 : text.starts_with("0045") ? 4 : 0;
  return digits.size() == danish + code ? digits.substr(code) : digits;
}

/// One word that is searched for.
class Word {
 public:
  explicit Word(std::string_view word) : m_pattern(word) {
    if (is_number(word)) m_digits.emplace(national_digits(word));
  }

  [[nodiscard]] bool is_empty() const { return m_pattern.is_empty(); }

  /// False only if `find` has nothing for any part of `texts`.
  [[nodiscard]] bool may_match(std::string_view texts) const {
    return m_pattern.may_match(texts) || (m_digits && m_digits->may_match(digits_of(texts)));
  }

  /// The best match in a text.
  [[nodiscard]] std::optional<text::Match> find(SearchField field, std::string_view text) const {
    if (auto match = m_pattern.find(text)) return match;
    if (!m_digits || (field != SearchField::cvr && !is_phone(field))) return std::nullopt;
    auto match = m_digits->find(digits_of(text));
    if (!match) return match;
    match->begin = place_of_digit(text, match->begin);
    match->end = place_of_digit(text, match->end - 1) + 1;
    return match;
  }

 private:
  text::SearchPattern m_pattern;
  std::optional<text::SearchPattern> m_digits;  ///< whatever stands between them
};

/// `12 34 56 78` is one word. Throws Error{bad_data} for none, and for more than there may be.
std::vector<Word> read_words(std::string_view text) {
  constexpr std::size_t longest = 500;
  if (text.size() > longest)
    throw Error(ErrorKind::bad_data, tr("a search text has at most {} bytes", longest), tr("leave out a part of it"));
  if (is_number(text)) return {Word(text)};
  std::vector<Word> words;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \t\n", start), text.size());
    if (Word word(text.substr(start, end - start)); !word.is_empty()) words.push_back(std::move(word));
    start = end + 1;
  }
  if (words.empty())
    throw Error(ErrorKind::bad_data, tr("there is nothing to search for"), "kundehub customer search nordlys");
  if (words.size() > most_words)
    throw Error(ErrorKind::bad_data, tr("a search takes at most {} words", most_words),
                tr("leave out the common ones"));
  return words;
}

/// How well each word matches at one customer.
struct Hit {
  std::array<unsigned char, most_words> ranks{};
  Hit() { ranks.fill(worst); }

  [[nodiscard]] std::optional<int> score(std::size_t words) const {
    int sum = 0;
    for (std::size_t word = 0; word < words; ++word) {
      if (ranks.at(word) == worst) return std::nullopt;
      sum += ranks.at(word);
    }
    return sum;
  }
};

struct Scored {
  bool is_archived;
  int score;
  CustomerId customer;
  friend auto operator<=>(const Scored&, const Scored&) = default;  // the best is least
};

/// Every customer that matches, best first.
std::vector<Scored> score_all(Store& store, const std::vector<Word>& query) {
  std::unordered_map<std::int64_t, Hit> hits;
  std::unordered_set<std::int64_t> archived;
  const auto may_match = [&](std::string_view texts) {
    return std::ranges::any_of(query, [&](const Word& word) { return word.may_match(texts); });
  };
  store.find_search_texts(may_match, [&](const SearchText& text) {
    for (std::size_t word = 0; word < query.size(); ++word) {
      const auto match = query[word].find(text.field, text.text);
      if (!match) continue;
      if (text.is_archived) archived.insert(text.customer.value);
      unsigned char& best = hits[text.customer.value].ranks.at(word);
      best = std::min(best, rank(text.field, *match));
    }
  });
  std::vector<Scored> scored;
  for (const auto& [customer, hit] : hits) {
    if (const auto score = hit.score(query.size()))
      scored.push_back({archived.contains(customer), *score, CustomerId{customer}});
  }
  std::ranges::sort(scored);
  return scored;
}

/// What matches best at each of these customers.
std::map<CustomerId, MatchingText> explain(Store& store, const std::vector<Word>& query,
                                           const std::vector<Scored>& scored) {
  std::vector<CustomerId> ids;
  for (const Scored& one : scored) ids.push_back(one.customer);
  std::map<CustomerId, MatchingText> best;
  std::map<CustomerId, int> best_rank;
  store.each_search_text(ids, [&](const SearchText& text) {
    for (std::size_t word = 0; word < query.size(); ++word) {
      const auto match = query[word].find(text.field, text.text);
      if (!match) continue;
      const int rank_here = rank(text.field, *match);
      const auto [known, is_first] = best_rank.try_emplace(text.customer, rank_here);
      if (!is_first && known->second <= rank_here) continue;
      known->second = rank_here;
      best[text.customer] = {text.field, std::string(text.text), match->begin, match->end};
    }
  });
  return best;
}

}  // namespace

SearchResult search_customers(Store& store, std::string_view words, std::size_t limit, Time now) {
  const std::vector<Word> query = read_words(words);
  std::vector<Scored> scored = score_all(store, query);
  SearchResult result;
  result.in_all = scored.size();
  scored.resize(std::min(limit, scored.size()));
  if (scored.empty()) return result;
  auto explained = explain(store, query, scored);
  for (const Scored& one : scored) {
    const auto match = explained.find(one.customer);
    if (match == explained.end()) continue;  // changed meanwhile
    result.customers.push_back({find_customer_overview(store, one.customer, now), std::move(match->second)});
  }
  return result;
}

}  // namespace kundehub
