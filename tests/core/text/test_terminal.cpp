#include <string>

#include <doctest/doctest.h>

#include "core/text/terminal.hpp"

using namespace kundehub::text;
using namespace std::string_literals;

TEST_CASE("text of every script is shown as it is") {
  for (const std::string text : {"", "Søren Åkjær", "\\u{1B}", "Åse\u00A0Bæk", "A\u030A", "می\u200Cخواهم", "👩\u200D💻",
                                 "日本", "\"%s\" ${HOME} {{link}} <script>"}) {
    CHECK(for_terminal(text) == text);
    CHECK(for_terminal_block(text) == text);
  }
}

TEST_CASE("what a terminal would obey becomes visible") {
  CHECK(for_terminal("\x1B[31mred\x1B[0m") == "\\u{1B}[31mred\\u{1B}[0m");
  CHECK(for_terminal("\x1B]8;;http://x\x1B\\") == "\\u{1B}]8;;http://x\\u{1B}\\");
  CHECK(for_terminal("\x1B]52;c;eA==\x07") == "\\u{1B}]52;c;eA==\\u{7}");
  CHECK(for_terminal("a\0b"s) == "a\\u{0}b");
  CHECK(for_terminal("a\rb\nc\td\x7F") == "a\\u{D}b\\u{A}c\\u{9}d\\u{7F}");
  CHECK(for_terminal("\u0085\u009B2J\u2028\u2029") == "\\u{85}\\u{9B}2J\\u{2028}\\u{2029}");
}

TEST_CASE("what turns or hides text becomes visible") {
  CHECK(for_terminal("\u202Agpj.exe\u202E\u2066\u2069") == "\\u{202A}gpj.exe\\u{202E}\\u{2066}\\u{2069}");
  CHECK(for_terminal("\u200E\u200F\u061C") == "\\u{200E}\\u{200F}\\u{61C}");
  CHECK(for_terminal("a\u200Bb\uFEFF\u00AD\u3164") == "a\\u{200B}b\\u{FEFF}\\u{AD}\\u{3164}");
  CHECK(for_terminal("\U000E0041") == "\\u{E0041}");
}

TEST_CASE("bytes that are no UTF-8 are shown one by one") {
  CHECK(for_terminal("S\xF8ren") == "S\\xF8ren");
  CHECK(for_terminal("\xC0\xAF") == "\\xC0\\xAF");
  CHECK(for_terminal("\xED\xA0\x80") == "\\xED\\xA0\\x80");
  CHECK(for_terminal("a\xE2\x82") == "a\\xE2\\x82");
  CHECK(for_terminal("\x9B"
                     "2J") == "\\x9B2J");
}

TEST_CASE("a block keeps line feeds and tabs, and no carriage returns") {
  CHECK(for_terminal_block("one\n\ttwo\r\n\x1B[2J") == "one\n\ttwo\\u{D}\n\\u{1B}[2J");
}

TEST_CASE("a quoted value is escaped and has an end") {
  CHECK(kundehub::text::quoted("Anna") == "\"Anna\"");
  CHECK(kundehub::text::quoted("") == "\"\"");
  CHECK(kundehub::text::quoted("A\x1B[31m") == "\"A\\u{1B}[31m\"");
  CHECK(kundehub::text::quoted(std::string(200, 'a')) == "\"" + std::string(200, 'a') + "\"");
  CHECK(kundehub::text::quoted(std::string(201, 'a')) == "\"" + std::string(200, 'a') + "…\"");
  CHECK(kundehub::text::quoted(std::string(199, 'a') + "åå") == "\"" + std::string(199, 'a') + "å…\"");
}
