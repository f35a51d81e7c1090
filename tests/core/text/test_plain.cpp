#include <functional>
#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "core/text/plain.hpp"

using namespace kundehub;
using namespace kundehub::text;
using namespace std::string_literals;

namespace {

/// The message of the Error{bad_data} that `act` throws; empty if it throws none.
std::string refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::bad_data);
    return error.what();
  }
  return {};
}

std::string line_refusal(std::string_view value) {
  return refusal([&] { clean_line("name", value); });
}

std::string block_refusal(std::string_view value) {
  return refusal([&] { clean_block("notes", value); });
}

std::string repeat(std::string_view piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("a line is stored composed and without the blanks around it") {
  CHECK(clean_line("name", "Anna Berg") == "Anna Berg");
  CHECK(clean_line("name", "  Anna  Berg ") == "Anna  Berg");
  CHECK(clean_line("name", "\u00A0\u202F\u3000Åse\u00A0\t") == "Åse");
  CHECK(clean_line("name", "A\u030Ase") == "Åse");
  CHECK(clean_line("name", "Åse\u00A0Bæk") == "Åse\u00A0Bæk");
  CHECK(clean_line("name", " \u00A0 ") == "");
  CHECK(clean_line("name", "") == "");
}

TEST_CASE("text that means something elsewhere is only text here") {
  for (const std::string value :
       {"{{link}}", "%s%n", "${HOME}", "`id`", "<script>alert(1)</script>", "'; DROP TABLE contact; --", "-rf",
        "=HYPERLINK(\"x\")", "\\u{1B}", "=?utf-8?q?x?="}) {
    CHECK(clean_line("name", value) == value);
  }
}

TEST_CASE("scripts that need joiners, selectors and marks are let in") {
  CHECK(clean_line("name", "می\u200Cخواهم") == "می\u200Cخواهم");
  CHECK(clean_line("name", "क्\u200Dष") == "क्\u200Dष");
  CHECK(clean_line("name", "葛\U000E0100城") == "葛\U000E0100城");
  CHECK(clean_line("name", "👩\u200D💻 ❤\uFE0F") == "👩\u200D💻 ❤\uFE0F");
  CHECK(clean_line("name", "\u0600١") == "\u0600١");
}

TEST_CASE("line breaks and control characters are refused, so that no header is smuggled in") {
  CHECK(line_refusal("A\r\nBcc: x@y.dk") == "name \"A\\u{D}\\u{A}Bcc: x@y.dk\" contains a line break");
  CHECK(line_refusal("A\nB") == "name \"A\\u{A}B\" contains a line break");
  CHECK(line_refusal("A\rB") == "name \"A\\u{D}B\" contains a line break");
  CHECK(line_refusal("A\u0085B") == "name \"A\\u{85}B\" contains a line break");
  CHECK(line_refusal("A\u2028B") == "name \"A\\u{2028}B\" contains a line break");
  CHECK(line_refusal("A\u2029B") == "name \"A\\u{2029}B\" contains a line break");
  CHECK(line_refusal("Anna\n") == "name \"Anna\\u{A}\" contains a line break");
  CHECK(line_refusal("A\tB") == "name \"A\\u{9}B\" contains a tab");
  CHECK(line_refusal("A\x1B[31m") == "name \"A\\u{1B}[31m\" contains a control character");
  CHECK(line_refusal("\x1B]52;c;ZXZpbA==\x07") == "name \"\\u{1B}]52;c;ZXZpbA==\\u{7}\" contains a control character");
  CHECK(line_refusal("\u009B31m") == "name \"\\u{9B}31m\" contains a control character");
  CHECK(line_refusal("A\0B"s) == "name \"A\\u{0}B\" contains a control character");
  CHECK(line_refusal("A\x7F") == "name \"A\\u{7F}\" contains a control character");
}

TEST_CASE("characters that turn or hide text are refused, with a hint at where they come from") {
  for (const std::string mark : {"\u061C", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C", "\u202D", "\u202E",
                                 "\u2066", "\u2067", "\u2068", "\u2069"}) {
    CHECK(line_refusal("A" + mark + "B").ends_with("contains a character that turns the direction of text"));
  }
  for (const std::string hidden : {"\u200B", "\uFEFF", "\u00AD", "\u2060", "\u034F", "\u3164", "\u115F", "\uFFA0",
                                   "\u180E", "\uFFF9", "\U000E0041", "\u206A"}) {
    CHECK(line_refusal("A" + hidden).ends_with("contains an invisible character"));
  }
  CHECK(line_refusal("\uFEFFAnna") == "name \"\\u{FEFF}Anna\" contains an invisible character");
  try {
    clean_line("phone", "\u202A+4512345678\u202C");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.hint() == "type it by hand: text that was copied often carries such a character unseen");
  }
}

TEST_CASE("what is not UTF-8 is refused byte for byte") {
  CHECK(line_refusal("S\xF8ren") == "name \"S\\xF8ren\" is not valid UTF-8");
  CHECK(line_refusal("\xC0\xAF") == "name \"\\xC0\\xAF\" is not valid UTF-8");
  CHECK(line_refusal("\xED\xA0\x80") == "name \"\\xED\\xA0\\x80\" is not valid UTF-8");
  CHECK(line_refusal("Anna \xC3") == "name \"Anna \\xC3\" is not valid UTF-8");
  CHECK(line_refusal("\x80") == "name \"\\x80\" is not valid UTF-8");
}

TEST_CASE("30 combining marks in a row are a script, 31 are an attack") {
  CHECK(clean_line("name", "x" + repeat("\u0323", 30)).size() == 1 + 2 * 30);
  CHECK(line_refusal("x" + repeat("\u0323", 31)).ends_with("has more than 30 combining marks in a row"));
  CHECK(line_refusal("x" + repeat("\u0301", 1000)).ends_with("has more than 30 combining marks in a row"));
  CHECK(line_refusal("x" + repeat("\u0323\u0301", 200000)).ends_with("…\" has more than 30 combining marks in a row"));
  CHECK(clean_line("name", repeat("x\u0323", 60)).size() == 60 * 3);
}

TEST_CASE("length counts stored characters") {
  CHECK(clean_line("name", repeat("å", 200)).size() == 400);
  CHECK(clean_line("name", repeat("a\u030A", 200)) == repeat("å", 200));
  CHECK(line_refusal(repeat("å", 201)) == "name \"" + repeat("å", 200) + "…\" has 201 characters, and 200 are allowed");
  CHECK(clean_line("zip", "  1234  ", 4) == "1234");
  CHECK(refusal([] { clean_line("zip", "12345", 4); }) == "zip \"12345\" has 5 characters, and 4 are allowed");
  CHECK(line_refusal(std::string(10'000'000, 'a')).ends_with("has 10000000 characters, and 200 are allowed"));
}

TEST_CASE("a block keeps newlines and tabs and stores one kind of line end") {
  CHECK(clean_block("notes", "one\r\ntwo\rthree\n\n\tfour") == "one\ntwo\nthree\n\n\tfour");
  CHECK(clean_block("notes", "\n\n one \r\n") == "one");
  CHECK(clean_block("notes", "A\u030A\nb") == "Å\nb");
  CHECK(clean_block("notes", repeat("a", 20000)).size() == 20000);
}

TEST_CASE("a block refuses what a line refuses otherwise") {
  CHECK(block_refusal("a\u2028b") == "notes \"a\\u{2028}b\" contains a line separator");
  CHECK(block_refusal("a\u0085b") == "notes \"a\\u{85}b\" contains a line separator");
  CHECK(block_refusal("a\x1B[2J").ends_with("contains a control character"));
  CHECK(block_refusal("a\0"s).ends_with("contains a control character"));
  CHECK(block_refusal("a\u202E").ends_with("turns the direction of text"));
  CHECK(block_refusal("a\u200B").ends_with("contains an invisible character"));
  CHECK(block_refusal("a\xFF").ends_with("is not valid UTF-8"));
  CHECK(block_refusal("x" + repeat("\u0301", 31)).ends_with("combining marks in a row"));
  CHECK(block_refusal(repeat("a", 20001)).ends_with("has 20001 characters, and 20000 are allowed"));
}

TEST_CASE("a value with the line end of Windows is refused with the way to take it out") {
  try {
    kundehub::text::clean_line("name", "Nordlys\r");
    FAIL("accepted");
  } catch (const kundehub::Error& error) {
    CHECK(std::string(error.hint()).find("tr -d") != std::string::npos);
  }
}
