#include "core/text/utf8.hpp"

#include <cstdlib>
#include <memory>
#include <new>

#include <utf8proc.h>

#include "core/text/code_points.hpp"

namespace kundehub::text {
namespace {

struct Free {
  void operator()(utf8proc_uint8_t* bytes) const { std::free(bytes); }
};

std::string map(std::string_view text, int options) {
  utf8proc_uint8_t* raw = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &raw, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, Free> bytes(raw);
  if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
  // Cannot happen with valid text; text that is not stays as it is rather than vanish.
  if (size < 0) return std::string(text);
  return {reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)};
}

/// Of plain Latin text. `×` (U+00D7) has no other case, and `ß` folds to two letters.
std::string fold_plain_latin(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '\xC3') {
      folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      continue;
    }
    const auto low = static_cast<unsigned char>(text[++i]);
    if (low == 0x9F) {
      folded += "ss";
    } else {
      folded += c;
      folded += static_cast<char>(low < 0x9F && low != 0x97 ? low + 0x20 : low);
    }
  }
  return folded;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (point.value == CodePoint::invalid) return false;
    text.remove_prefix(point.bytes);
  }
  return true;
}

std::string nfc(std::string_view text) {
  if (is_plain_latin(text)) return std::string(text);
  return map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string fold_case(std::string_view text) {
  if (is_plain_latin(text)) return fold_plain_latin(text);
  return map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

}  // namespace kundehub::text
