#include "core/form/form.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

using namespace kundehub;

namespace {

const std::vector<FormKey> keys{
    {"line", FormShape::line}, {"block", FormShape::block}, {"flag", FormShape::flag}, {"list", FormShape::list}};

FormValues round_trip(const std::string& text) {
  const std::vector<std::string> list{text, "", text};
  return read_form(
      write_form(std::array<std::string, 1>{text},
                 std::vector<FormEntry>{
                     {keys[0], text, text}, {keys[1], text, text}, {keys[2], "x", true}, {keys[3], text, list}}),
      keys);
}

FormError refused(std::string_view toml) {
  try {
    read_form(toml, keys);
  } catch (const FormError& error) {
    return error;
  }
  return FormError({{.message = "not refused"}});
}

}  // namespace

TEST_CASE("a form gives every value back as it was") {
  for (const char* const text : {"",
                                 " ",
                                 "Nordlys ApS",
                                 "\"",
                                 "\"\"",
                                 "\"\"\"",
                                 "\"\"\"\"\"\"\"",
                                 "ends with \"",
                                 "a\\",
                                 "\\\\n \\u00e6",
                                 "'''",
                                 "#",
                                 "# ERROR: x",
                                 "=",
                                 "a = \"b\"",
                                 "[table]",
                                 "Rødgrød med fløde ÆØÅ",
                                 "A\xCC\x8A"
                                 "re\xCC\x81",
                                 "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB",
                                 "\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xBF",
                                 "one\ntwo\n\nfour",
                                 "\n",
                                 "\n\n",
                                 "\nfirst",
                                 "last\n",
                                 "blank behind \nx",
                                 "a\tb",
                                 "\t",
                                 "a\r\nb\r\n",
                                 "\r",
                                 "\r\n",
                                 "a\rb",
                                 "\x01\x02\x1b[2J\x7f",
                                 "\b\f\v",
                                 "\xC2\x85\xE2\x80\xA8\xE2\x80\xA9",
                                 "\xE2\x80\xAE"
                                 "evil\xE2\x80\xAC",
                                 "\xEF\xBB\xBF"
                                 "bom",
                                 "\xC2\xAD\xE2\x80\x8B",
                                 "a \\\n  b"}) {
    CAPTURE(text);
    const FormValues read = round_trip(text);
    REQUIRE(read.size() == 4);
    CHECK(std::get<std::string>(read.at("line").value) == text);
    CHECK(std::get<std::string>(read.at("block").value) == text);
    CHECK(std::get<bool>(read.at("flag").value));
    CHECK(std::get<std::vector<std::string>>(read.at("list").value) == std::vector<std::string>{text, "", text});
  }
  for (int c = 0; c < 0x180; ++c) {
    std::string text = "a";
    if (c < 0x80) {
      text += static_cast<char>(c);
    } else {
      text += static_cast<char>(0xC0 | (c >> 6));
      text += static_cast<char>(0x80 | (c & 0x3F));
    }
    CAPTURE(c);
    CHECK(std::get<std::string>(round_trip(text).at("line").value) == text);
    CHECK(std::get<std::string>(round_trip(text).at("block").value) == text);
  }
}

TEST_CASE("what is no UTF-8 makes a form that can be read all the same") {
  CHECK(std::get<std::string>(round_trip("a\xFF\xC3").at("line").value) == "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("a form reads well: short texts on a line, notes as they look") {
  const std::vector<std::string> head{"Customer 1001", "Change it."};
  CHECK(write_form(head, std::vector<FormEntry>{{keys[0], "the name", std::string("A \"B\"\tC")},
                                                {keys[1], "notes", std::string("say \"hi\"\n\tthen \"\"go\"")},
                                                {keys[2], "on or off", false},
                                                {keys[3], "words", std::vector<std::string>{"a", "b"}}}) ==
        "# Customer 1001\n# Change it.\n\n# the name\nline = \"A \\\"B\\\"\\tC\"\n\n# notes\nblock = \"\"\"\nsay "
        "\"hi\"\n\t"
        "then \"\\\"go\\\"\"\"\"\n\n# on or off\nflag = false\n\n# words\nlist = [\"a\", \"b\"]\n");
}

TEST_CASE("a form may be written in other ways, and in part") {
  const FormValues read = read_form(
      "\xEF\xBB\xBF"
      "block = '''\r\nC:\\x'''\r\n# c\r\nlist = [\r\n 'a', # x\r\n \"b\",\r\n]\r\n",
      keys);
  CHECK(read.size() == 2);
  CHECK(std::get<std::string>(read.at("block").value) == "C:\\x");
  CHECK(read.at("list").line == 4);
  CHECK(read_form("", keys).empty());
  CHECK(read_form("# only\n\n \t\n# comments", keys).empty());
}

TEST_CASE("what is wrong with a form is told with its line, all of it at once") {
  const FormError error = refused("# head\nlien = \"x\"\nflag = \"on\"\nlist = \"a\"\n\nblock = 5\n");
  REQUIRE(error.faults().size() == 4);
  CHECK(std::string_view(error.what()) == "line 2: unknown field \"lien\"");
  CHECK(error.hint() == "did you mean line");
  CHECK(error.kind() == ErrorKind::bad_data);
  CHECK(error.faults()[1].line == 3);
  CHECK(error.faults()[1].message == "flag takes true or false, without quotes");
  CHECK(error.faults()[2].message == "list takes a list of texts");
  CHECK(error.faults()[3].line == 6);
  CHECK(error.faults()[3].hint == "block = \"...\"");
  CHECK(refused("number = 1").hint() == "fields: line block flag list");
  CHECK(refused("list = ['a', 1]").faults()[0].message == "list takes a list of texts");
  CHECK(refused("[line]\nx = 1").faults()[0].line == 1);
  CHECK(refused("line.x = 1").faults()[0].message == "line takes a text, between quotes");
}

TEST_CASE("what is no TOML is refused, however strange, with a line") {
  for (const char* const toml : {"line = \"a\n",
                                 "line",
                                 "line =",
                                 "line = æ",
                                 "ø = 1",
                                 "= 1",
                                 "[",
                                 "[[",
                                 "[[[",
                                 "line = \"\"\"",
                                 "line = '",
                                 "line = [",
                                 "line = {",
                                 "line = \"\\q\"",
                                 "line = \"\\uD800\"",
                                 "line = \"\\u00\"",
                                 "line = \"\x01\"",
                                 "line = \"\xFF\"",
                                 "\xFF\xFE"
                                 "l\0i",
                                 "line = 1979-13-45",
                                 "line = 08",
                                 "line = 1__0",
                                 "line = nope",
                                 "line = \"a\" \"b\"",
                                 "line = \"a\"\nline = \"b\"",
                                 "line = 99999999999999999999",
                                 "line.",
                                 ".line = 1",
                                 "\"line",
                                 "\x1b[2J",
                                 "line = inf\xE2\x80\xAE"}) {
    CAPTURE(toml);
    const FormError error = refused(toml);
    CHECK(error.faults()[0].message != "not refused");
    CHECK(error.faults()[0].line >= 1);
  }
  CHECK(refused("line = \"a\"\n\nflag = yes\n").faults()[0].line == 3);
}

TEST_CASE("a slip anywhere in a form is read or refused, never worse") {
  const std::string form = write_form(std::array<std::string, 1>{"head"},
                                      std::vector<FormEntry>{{keys[0], "the name", std::string("Rødgrød \"A\"")},
                                                             {keys[1], "notes", std::string("a\n\"b\"\n")},
                                                             {keys[2], "on or off", true},
                                                             {keys[3], "words", std::vector<std::string>{"a", "ø"}}});
  std::size_t read = 0, refused = 0;
  for (std::size_t i = 0; i < form.size(); ++i) {
    for (const std::string_view slip : {"", "\"", "\\", "\n", "[", "=", "ø", "\xFF", "\x01", "'", "#", "{"}) {
      std::string slipped = form;
      slipped.replace(i, 1, slip);
      try {
        read_form(slipped, keys);
        ++read;
      } catch (const FormError& error) {
        const auto lines = static_cast<std::size_t>(std::ranges::count(slipped, '\n')) + 1;
        CHECK(error.faults()[0].line >= 1);
        CHECK(error.faults()[0].line <= lines);
        ++refused;
      }
    }
  }
  CHECK(read > 0);
  CHECK(refused > 0);
}
