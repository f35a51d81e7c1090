#include "core/text/charset.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/code_points.hpp"
#include "core/text/translate.hpp"

namespace kundehub::text {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF", utf16le_mark = "\xFF\xFE", utf16be_mark = "\xFE\xFF";

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// Of the ASCII that `text` begins with. Eight bytes at a time: most files are little else.
std::size_t length_of_ascii(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::size_t length = 0;
  for (std::uint64_t word = 0; length + sizeof(word) <= text.size(); length += sizeof(word)) {
    std::memcpy(&word, text.data() + length, sizeof(word));
    if ((word & high_bits) != 0) break;
  }
  while (length < text.size() && is_ascii(text[length])) ++length;
  return length;
}

/// How many bytes a character that begins with `lead` has in UTF-8.
std::size_t length_by_lead(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
}

/// The start of a character whose other bytes have not come yet.
bool is_cut_off(std::string_view text) {
  if (static_cast<unsigned char>(text.front()) < 0xC2 || text.size() >= length_by_lead(text.front())) return false;
  return std::all_of(text.begin() + 1, text.end(), is_continuation);
}

/// How much of `text` comes before a character at its end that has been cut off, if only of broken UTF-8.
std::size_t length_of_whole(std::string_view text) {
  constexpr std::size_t longest = 4;
  for (std::size_t tail = 1; tail < longest && tail <= text.size(); ++tail) {
    const char last = text[text.size() - tail];
    if (is_continuation(last)) continue;
    const bool is_lead = static_cast<unsigned char>(last) >= 0xC0;
    return is_lead && tail < length_by_lead(last) ? text.size() - tail : text.size();
  }
  return text.size();
}

/// A letter or sign that Europeans write. Two characters of Windows-1252 hardly ever stand side by side so that they
/// look like one.
bool is_common_letter(std::int32_t value) {
  return (value >= 0xA0 && value <= 0x17F) || (value >= 0x2010 && value <= 0x20AC);
}

/// Bytes that somebody meant as UTF-8, though they break its rules: an overlong form or half of a surrogate pair
/// (RFC 3629, section 3).
bool is_broken_utf8(std::string_view text) {
  if (text.size() < 2 || !is_continuation(text[1])) return false;
  const auto lead = static_cast<unsigned char>(text[0]), next = static_cast<unsigned char>(text[1]);
  if (lead == 0xC0 || lead == 0xC1) return true;
  const bool is_three = text.size() >= 3 && is_continuation(text[2]);
  return is_three && ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next >= 0xA0));
}

std::int64_t count_lines(std::string_view text) {
  const auto feeds = std::count(text.begin(), text.end(), '\n');
  return feeds > 0 ? feeds : std::count(text.begin(), text.end(), '\r');
}

constexpr const char* convert_hint = translatable("save the file as \"CSV UTF-8\", or say what it is with --encoding");

}  // namespace

struct Decoder::Converter {
  explicit Converter(const char* charset) : handle(iconv_open("UTF-8", charset)) {
    if (handle == reinterpret_cast<iconv_t>(-1))
      throw Error(ErrorKind::config, tr("this machine cannot convert from {}", charset),
                  tr("convert the file to UTF-8 with another program"));
  }
  ~Converter() { iconv_close(handle); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  iconv_t handle;
};

std::string_view to_string(Encoding encoding) {
  constexpr std::array names{"utf-8", "cp1252", "utf-16"};
  return names.at(static_cast<std::size_t>(encoding));
}

Decoder::Decoder(std::optional<Encoding> told) : m_told(told.has_value()), m_encoding(told) {}
Decoder::~Decoder() = default;

Encoding Decoder::encoding() const {
  return m_encoding.value_or(Encoding::utf8);
}

void Decoder::refuse(std::string_view before, std::string_view why) const {
  throw Error(ErrorKind::bad_data, tr("line {} {}", m_lines + count_lines(before) + 1, why), tr_text(convert_hint));
}

void Decoder::convert_with(const char* charset) {
  m_converter = std::make_unique<Converter>(charset);
}

/// Looks at the first bytes. False if there are too few of them to tell.
bool Decoder::begin() {
  if (m_waiting.size() < utf8_mark.size()) return false;
  m_begun = true;
  const bool is_little = m_waiting.starts_with(utf16le_mark), is_big = m_waiting.starts_with(utf16be_mark);
  if (m_waiting.starts_with(utf8_mark)) {
    m_has_mark = true;
    m_waiting.erase(0, utf8_mark.size());
    m_encoding = m_encoding.value_or(Encoding::utf8);
    m_first_utf8 = 1;
  } else if ((is_little || is_big) && m_encoding.value_or(Encoding::utf16) == Encoding::utf16) {
    m_has_mark = true;
    m_waiting.erase(0, utf16le_mark.size());
    m_encoding = Encoding::utf16;
  }
  // Without a mark Windows means the little-endian form.
  if (m_encoding == Encoding::utf16)
    convert_with(is_big || (!is_little && m_waiting[0] == '\0') ? "UTF-16BE" : "UTF-16LE");
  if (m_encoding == Encoding::cp1252) convert_with("CP1252");
  return true;
}

void Decoder::add(std::string_view bytes, std::string& text) {
  m_waiting += bytes;
  if (!m_begun && !begin()) return;
  const std::size_t start = text.size();
  if (m_converter) {
    add_converted(text, false);
  } else {
    add_utf8(text, false);
  }
  const std::string_view added = std::string_view(text).substr(start);
  if (const std::size_t nul = added.find('\0'); nul != std::string_view::npos)
    refuse(added.substr(0, nul), tr("has a NUL byte: this is no text file, or a damaged one"));
  m_lines += count_lines(added);
}

void Decoder::finish(std::string& text) {
  if (!m_begun) {
    m_begun = true;
    if (m_encoding == Encoding::utf16) convert_with("UTF-16LE");
    if (m_encoding == Encoding::cp1252) convert_with("CP1252");
  }
  if (m_converter) {
    add_converted(text, true);
  } else {
    add_utf8(text, true);
  }
  if (text.find('\0') != std::string::npos) refuse({}, tr("has a NUL byte: this is no text file, or a damaged one"));
}

void Decoder::add_utf8(std::string& text, bool is_last) {
  const std::string_view bytes = m_waiting;
  std::size_t done = 0;
  for (;;) {
    done += length_of_ascii(bytes.substr(done));
    if (done == bytes.size()) break;
    const std::string_view rest = bytes.substr(done);
    const CodePoint point = first_code_point(rest);
    if (point.value != CodePoint::invalid) {
      if (m_first_utf8 == 0) m_first_utf8 = m_lines + count_lines(bytes.substr(0, done)) + 1;
      m_encoding = Encoding::utf8;
    } else if (!is_last && (is_cut_off(rest) || (!m_encoding && rest.size() < 4))) {
      break;  // what comes next has to be seen first
    } else if (!m_told && m_encoding) {
      const bool is_here = m_lines + count_lines(bytes.substr(0, done)) + 1 == m_first_utf8;
      refuse(bytes.substr(0, done),
             is_here ? tr("mixes UTF-8 with another encoding, or is damaged")
                     : tr("is not UTF-8, and line {} is: the file mixes two encodings, or is damaged", m_first_utf8));
    } else if (!m_told) {  // the first letter there is: up to here the file was ASCII
      if (is_broken_utf8(rest))
        refuse(bytes.substr(0, done), tr("has a malformed character: it is neither UTF-8 nor Windows-1252"));
      m_encoding = Encoding::cp1252;
      convert_with("CP1252");
      return add_converted(text, is_last);
    }
    done += point.bytes;
  }
  text.append(bytes.substr(0, done));
  m_waiting.erase(0, done);
}

/// In a file taken for Windows-1252, what can only be UTF-8 shows that the file mixes the two.
void Decoder::check_evidence(std::string_view bytes) const {
  for (std::size_t i = 0; i < bytes.size();) {
    i += length_of_ascii(bytes.substr(i));
    if (i == bytes.size()) return;
    const std::string_view rest = bytes.substr(i);
    const CodePoint point = first_code_point(rest);
    if (is_broken_utf8(rest) || (point.value != CodePoint::invalid && is_common_letter(point.value)))
      refuse(bytes.substr(0, i), tr("is UTF-8, and a line before it is not: the file mixes two encodings"));
    i += point.bytes;
  }
}

void Decoder::add_converted(std::string& text, bool is_last) {
  const bool is_guessed = m_encoding == Encoding::cp1252 && !m_told;
  // What may be a character of UTF-8 is looked at whole, however the bytes come in.
  const std::size_t whole = is_guessed && !is_last ? length_of_whole(m_waiting) : m_waiting.size();
  if (is_guessed) check_evidence(std::string_view(m_waiting).substr(0, whole));
  std::array<char, 16 * 1024> converted;
  char* from = m_waiting.data();
  std::size_t left = whole;
  while (left > 0) {
    char* to = converted.data();
    std::size_t room = converted.size();
    const std::size_t result = iconv(m_converter->handle, &from, &left, &to, &room);
    text.append(converted.data(), converted.size() - room);
    if (result != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
    if (errno == EINVAL && !is_last) break;  // the rest of a character is still to come
    refuse(std::string_view(m_waiting).substr(0, whole - left), tr("has bytes that are no {}", to_string(*m_encoding)));
  }
  m_waiting.erase(0, whole - left);
}

}  // namespace kundehub::text
