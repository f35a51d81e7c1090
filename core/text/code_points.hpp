#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kundehub::text {

/// One step through bytes that may be anything.
struct CodePoint {
  static constexpr std::int32_t invalid = -1;

  std::int32_t value;  ///< `invalid` for a byte that is no part of well-formed UTF-8
  std::size_t bytes;   ///< 1 to 4; 1 for an invalid byte
};

/// The code point that `text` begins with. `text` must not be empty.
CodePoint first_code_point(std::string_view text);

/// The code point that `text` ends with; an invalid byte if its last bytes are none. `text` must not be empty.
CodePoint last_code_point(std::string_view text);

/// Number of code points; an invalid byte counts as one.
std::size_t count_code_points(std::string_view text);

/// What a character does to a reader, a terminal or a mail header.
enum class CharacterClass {
  ordinary,    ///< U+200C and U+200D too: Persian and many scripts of India need them
  mark,        ///< a combining mark, or a variation selector
  blank,       ///< space and its relatives (Zs)
  tab,         ///< U+0009
  line_break,  ///< LF, CR, U+0085, U+2028, U+2029
  control,     ///< the rest of C0 and C1, and DEL
  direction,   ///< turns the order in which text is shown: bidirectional marks, embeddings, overrides, isolates
  invisible,   ///< takes no room and has no use in a value: zero-width space, byte order mark, soft hyphen, fillers,
               ///< tags
};

/// `value` is a valid code point.
CharacterClass classify(std::int32_t value);

/// True if no byte is above 0x7F.
bool is_ascii(std::string_view text);

/// True if `text` is made of printable ASCII and the letters U+00C0 to U+00FF alone: valid, composed (NFC), harmless.
/// Most Danish values are, and an import has millions of them.
bool is_plain_latin(std::string_view text);

}  // namespace kundehub::text
