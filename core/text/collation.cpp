#include "core/text/collation.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

#include <utf8proc.h>

#include "core/text/code_points.hpp"
#include "core/text/utf8.hpp"

namespace kundehub::text {
namespace {

// The order of CLDR's root collation.
constexpr std::string_view signs = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
constexpr std::array<std::int32_t, 14> marks{0x301, 0x300, 0x306, 0x302, 0x30C, 0x30A, 0x308,
                                             0x30B, 0x303, 0x307, 0x338, 0x327, 0x328, 0x304};

constexpr char other_signs = 0x40, first_digit = 0x50, other_letters = 0x7F;

// The weights of the second level: none, a letter's own variant, a mark.
constexpr char no_accent = 0x02, variant = 0x03, second_variant = 0x04, third_variant = 0x05, first_mark = 0x10;

// Of the third level: Å, AA, a capital, Aa, a small letter, aa.
constexpr char capital_ring = 0x02, capital_aa = 0x03, capital = 0x04, mixed_aa = 0x05, small = 0x06, small_aa = 0x07;

/// A letter that is not what its decomposition says.
struct Letter {
  std::int32_t small;
  std::string_view primary;  ///< as the key has it
  char accent;
};

constexpr std::array letters{Letter{0xE6, "\x7B", no_accent},        // æ
                             Letter{0xE4, "\x7B", variant},          // ä
                             Letter{0xF8, "\x7C", no_accent},        // ø
                             Letter{0xF6, "\x7C", variant},          // ö
                             Letter{0x151, "\x7C", second_variant},  // ő
                             Letter{0xE5, "\x7D", no_accent},        // å
                             Letter{0xFC, "y", variant},             // ü
                             Letter{0x171, "y", second_variant},     // ű
                             Letter{0x111, "d", variant},            // đ
                             Letter{0xF0, "d", second_variant},      // ð
                             Letter{0xFE, "th", variant},            // þ
                             Letter{0x153, "oe", variant},           // œ
                             Letter{0xDF, "ss", variant},            // ß
                             Letter{0x142, "l", third_variant},      // ł
                             Letter{0x127, "h", third_variant}};     // ħ

/// Collects the three levels of a key.
class KeyBuilder {
 public:
  std::string build(std::string_view text) {
    while (!text.empty()) {
      const std::size_t pair = pair_of_a(text);
      if (pair == 0) add(first_code_point(text).value);
      text.remove_prefix(pair > 0 ? pair : first_code_point(text).bytes);
    }
    return m_primary + '\x01' + m_secondary + '\x01' + m_tertiary;
  }

 private:
  /// Takes Aa, which is an older way to write Å. Returns how many bytes it has taken.
  std::size_t pair_of_a(std::string_view text) {
    if (text.starts_with("aa")) {
      put("\x7D", no_accent, small_aa);
    } else if (text.starts_with("Aa")) {
      put("\x7D", no_accent, mixed_aa);
    } else if (text.starts_with("AA")) {
      put("\x7D", no_accent, capital_aa);
    } else {
      return 0;
    }
    return 2;
  }

  void put(std::string_view primary, char accent, char letter_case) {
    m_primary += primary;
    m_secondary.append(primary.size() - 1, no_accent);
    m_secondary += accent;
    m_tertiary.append(primary.size(), letter_case);
  }

  void add(std::int32_t value) {
    const std::int32_t small_value = utf8proc_tolower(value);
    const char letter_case = small_value == value ? small : capital;
    for (const Letter& letter : letters) {
      if (letter.small != small_value) continue;
      return put(letter.primary, letter.accent, value == 0xC5 ? capital_ring : letter_case);
    }
    if (small_value < 0x80) return put(plain_primary(static_cast<char>(small_value)), no_accent, letter_case);
    if (!add_decomposed(small_value, letter_case)) put(other_primary(value), no_accent, letter_case);
  }

  /// Of a letter with marks; false if it is none.
  bool add_decomposed(std::int32_t small_value, char letter_case) {
    std::array<std::int32_t, 8> parts{};
    const auto count = utf8proc_decompose_char(small_value, parts.data(), parts.size(), UTF8PROC_DECOMPOSE, nullptr);
    if (classify(small_value) == CharacterClass::mark) {
      m_secondary += mark_weight(small_value);
      return true;
    }
    if (count < 2 || count > static_cast<utf8proc_ssize_t>(parts.size()) || parts[0] >= 0x80) return false;
    put(plain_primary(static_cast<char>(parts[0])), no_accent, letter_case);
    for (std::size_t i = 1; i < static_cast<std::size_t>(count); ++i) m_secondary += mark_weight(parts.at(i));
    return true;
  }

  static char mark_weight(std::int32_t mark) {
    for (std::size_t i = 0; i < marks.size(); ++i) {
      if (marks[i] == mark) return static_cast<char>(first_mark + static_cast<int>(i));
    }
    return static_cast<char>(first_mark + static_cast<int>(marks.size()));
  }

  static std::string plain_primary(char c) {
    if (c >= 'a' && c <= 'z') return {c};
    if (c >= '0' && c <= '9') return {static_cast<char>(first_digit + (c - '0'))};
    const std::size_t sign = signs.find(c);
    return {sign == std::string_view::npos ? other_signs : static_cast<char>(3 + static_cast<int>(sign))};
  }

  /// Of a script that has no place in the Danish alphabet: behind it, in the order of Unicode.
  static std::string other_primary(std::int32_t value) {
    const bool is_letter = utf8proc_category(value) <= UTF8PROC_CATEGORY_LO && utf8proc_category(value) > 0;
    std::string primary(1, is_letter ? other_letters : other_signs);
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto count = utf8proc_encode_char(utf8proc_tolower(value), bytes.data());
    for (utf8proc_ssize_t i = 0; i < count; ++i) primary += static_cast<char>(bytes.at(static_cast<std::size_t>(i)));
    return primary;
  }

  std::string m_primary, m_secondary, m_tertiary;
};

}  // namespace

std::string danish_sort_key(std::string_view text) {
  return KeyBuilder().build(nfc(text));
}

}  // namespace kundehub::text
