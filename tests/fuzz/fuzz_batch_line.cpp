#include "core/model/error.hpp"
#include "core/text/shell_words.hpp"
#include "tests/fuzz/property.hpp"

using namespace kundehub;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto word = text::split_shell_words(text::shell_word(text));
  fuzz::require(word == std::vector{std::string(text)}, "a word that is quoted is one word again");
  try {
    const auto words = text::split_shell_words(text);
    const auto again = text::split_shell_words(text::join_shell_words(words));
    fuzz::require(again == words, "a line of words is split into the words");
  } catch (const Error& error) {
    fuzz::require(error.kind() == ErrorKind::bad_data, "a quote that is not closed is bad data");
  }
  return 0;
}
