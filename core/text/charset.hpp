#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kundehub::text {

enum class Encoding { utf8, cp1252, utf16 };

/// `utf-8`, `cp1252` or `utf-16`.
std::string_view to_string(Encoding encoding);

/// Turns the bytes of a text file into UTF-8, piece by piece. Without being told, it finds the encoding: a byte order
/// mark decides; else it is UTF-8 if the bytes are, else Windows-1252. Until the first byte above 0x7F both are the
/// same, so nothing has to be read twice. A file that turns out to mix them is refused: half of it would be mangled.
///
/// Told `utf8`, it lets through what is no UTF-8: whoever takes the values refuses those.
class Decoder {
 public:
  explicit Decoder(std::optional<Encoding> told);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  /// Appends `bytes` to `text` as UTF-8, without a byte order mark. The bytes of a character that is not complete wait
  /// for the next call. Throws Error{bad_data} that names the line.
  void add(std::string_view bytes, std::string& text);

  /// After the last bytes. Throws Error{bad_data} if a character was not complete.
  void finish(std::string& text);

  /// What it was told or has found; UTF-8 if there was nothing but ASCII.
  [[nodiscard]] Encoding encoding() const;

  /// True if the file begins with a byte order mark.
  [[nodiscard]] bool has_mark() const { return m_has_mark; }

 private:
  struct Converter;

  bool begin();
  void add_utf8(std::string& text, bool is_last);
  void add_converted(std::string& text, bool is_last);
  void convert_with(const char* charset);
  void check_evidence(std::string_view bytes) const;
  [[noreturn]] void refuse(std::string_view before, std::string_view why) const;

  bool m_told;
  std::optional<Encoding> m_encoding;
  bool m_has_mark = false;
  bool m_begun = false;
  std::string m_waiting;          ///< bytes that are not converted yet
  std::int64_t m_lines = 0;       ///< line ends before those
  std::int64_t m_first_utf8 = 0;  ///< the line of the first letter that settled it for UTF-8
  std::unique_ptr<Converter> m_converter;
};

}  // namespace kundehub::text
