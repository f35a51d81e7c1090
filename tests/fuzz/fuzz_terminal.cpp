#include <algorithm>

#include "core/mail/module/plain_text.hpp"
#include "core/model/error.hpp"
#include "core/text/plain.hpp"
#include "core/text/terminal.hpp"
#include "core/text/utf8.hpp"
#include "tests/fuzz/property.hpp"

using namespace kundehub;

namespace {

/// Both decoders of UTF-8 that there are have to agree to it.
void check_shown(const std::string& shown) {
  fuzz::require(text::is_valid_utf8(shown), "what is shown is UTF-8");
  fuzz::require(mail::line_fault(shown).empty(), "what is shown holds no control character");
}

template <class Clean>
void check_clean(Clean clean, std::string_view text) {
  std::string kept;
  try {
    kept = clean(text);
  } catch (const Error& error) {
    fuzz::require(error.kind() == ErrorKind::bad_data, "what is wrong with a text is bad data");
    check_shown(error.what());
    return;
  }
  fuzz::require_same(clean(kept), kept, "a text that is kept stays as it is");
  fuzz::require_same(text::for_terminal_block(kept), kept, "a text that is kept may be shown");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::string shown = text::for_terminal(text);
  check_shown(shown);
  check_shown(text::quoted(text));
  fuzz::require_same(text::for_terminal(shown), shown, "what may be shown is shown as it is");
  std::string block = text::for_terminal_block(text);
  std::erase_if(block, [](char c) { return c == '\n' || c == '\t'; });
  check_shown(block);
  const std::string printed = mail::printable(text, 100);
  check_shown(printed);
  fuzz::require(printed.size() <= 100, "what is printed keeps to its limit");
  check_clean([](std::string_view value) { return text::clean_line("name", value); }, text);
  check_clean([](std::string_view value) { return text::clean_block("notes", value); }, text);
  return 0;
}
