#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "core/text/shell_words.hpp"

using namespace kundehub;
using Words = std::vector<std::string>;

TEST_CASE("a line is split as a shell would, and nothing in it is expanded") {
  const std::pair<const char*, Words> lines[] = {
      {"", {}},
      {"   \t ", {}},
      {"# a comment", {}},
      {"a b\tc\r", {"a", "b", "c"}},
      {"a # b", {"a"}},
      {"a#b", {"a#b"}},
      {"'a b' \"c d\"", {"a b", "c d"}},
      {"a'b'\"c\"d", {"abcd"}},
      {"'' \"\"", {"", ""}},
      {"a\\ b", {"a b"}},
      {"\\#a", {"#a"}},
      {"'a\\b'", {"a\\b"}},
      {"\"a\\\"b\\c\\$\"", {"a\"b\\c$"}},
      {"$HOME *.txt ~ `id` $(id); a|b>c&", {"$HOME", "*.txt", "~", "`id`", "$(id);", "a|b>c&"}},
      {"--notes='Ring \"Bo\"'", {"--notes=Ring \"Bo\""}},
      {"a\\", {"a\\"}},
  };
  for (const auto& [line, words] : lines) {
    CAPTURE(line);
    CHECK(text::split_shell_words(line) == words);
  }
}

TEST_CASE("what was quoted for a shell is split into the same words") {
  const Words words{"customer", "add", "--business", "Bo's \"Værksted\" & $øn \\", "", "#1", "a b", "'"};
  CHECK(text::split_shell_words(text::join_shell_words(words)) == words);
}

TEST_CASE("a quote that is not closed is no word") {
  for (const char* line : {"'a", "a \"b", "\"a\\\"", "'"}) {
    CAPTURE(line);
    CHECK_THROWS_AS(text::split_shell_words(line), Error);
  }
}
