#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "core/text/charset.hpp"
#include "tests/support/refusal.hpp"

namespace kundehub::text {
namespace {

using namespace std::string_literals;

struct Decoded {
  std::string text;
  Encoding encoding;
  bool has_mark;
};

/// In pieces of `piece` bytes, as a pipe may bring them.
Decoded decode(std::string_view bytes, std::optional<Encoding> told = std::nullopt, std::size_t piece = 1) {
  Decoder decoder(told);
  Decoded decoded;
  while (!bytes.empty()) {
    decoder.add(bytes.substr(0, piece), decoded.text);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  decoder.finish(decoded.text);
  decoded.encoding = decoder.encoding();
  decoded.has_mark = decoder.has_mark();
  return decoded;
}

/// The message of the refusal, without its hint.
std::string refused(std::string_view bytes, std::size_t piece = 1) {
  const std::string message = test::refusal([&] { decode(bytes, {}, piece); });
  return message.substr(0, message.find(" / "));
}

TEST_CASE("the encoding of a file is found from a mark, or from its bytes, however they come in") {
  for (const std::size_t piece : {1, 2, 3, 5, 1000}) {
    CAPTURE(piece);
    CHECK(decode("navn\nSøren\n", {}, piece).text == "navn\nSøren\n");
    CHECK(decode("\xEF\xBB\xBFnavn\nSøren\n", {}, piece).text == "navn\nSøren\n");
    CHECK(decode("navn\nS\xF8ren \x80\n", {}, piece).text == "navn\nSøren €\n");
    CHECK(decode("navn\nS\xF8ren \x80\n", {}, piece).encoding == Encoding::cp1252);
    CHECK(decode("\xFF\xFES\0\xF8\0r\0e\0n\0=\xD8\0\xDE"s, {}, piece).text == "Søren😀");
    CHECK(decode("\xFE\xFF\0S\0\xF8"s, {}, piece).text == "Sø");
    CHECK(decode("S\0\xF8\0"s, Encoding::utf16, piece).text == "Sø");
  }
  CHECK(decode("navn\n").encoding == Encoding::utf8);
  CHECK(decode("\xEF\xBB\xBFnavn").has_mark);
  CHECK(decode("").text.empty());
  CHECK(decode("a").text == "a");
}

TEST_CASE("a file that mixes encodings is refused with the line, since half of it would be mangled") {
  CHECK(refused("navn\nSøren\nJ\xF8rgen\n") ==
        "line 3 is not UTF-8, and line 2 is: the file mixes two encodings, or is damaged");
  for (const std::size_t piece : {1, 2, 3, 1000}) {
    CAPTURE(piece);
    CHECK(refused("navn\nJ\xF8rgen\n\nSøren\n", piece) ==
          "line 4 is UTF-8, and a line before it is not: the file mixes two encodings");
    CHECK(refused("J\xF8rgen \xC0\xAFx", piece) ==
          "line 1 is UTF-8, and a line before it is not: the file mixes two encodings");
    CHECK(decode("J\xF8rgen \xC3", {}, piece).text == "Jørgen Ã");
  }
  CHECK(refused("navn\r\rA\xC0\x80\r") == "line 3 has a malformed character: it is neither UTF-8 nor Windows-1252");
  CHECK(refused("A\xED\xA0\x80").find("line 1 has a malformed character") == 0);
  CHECK(refused("navn\n\x81\n") == "line 2 has bytes that are no cp1252");
}

TEST_CASE("NUL bytes and halves of characters are refused") {
  CHECK(refused("navn\nA\0B"s).find("line 2 has a NUL byte") == 0);
  CHECK(refused("\xFF\xFE\x3D\xD8"s) == "line 1 has bytes that are no utf-16");
  CHECK(refused("\xFF\xFES\0\xF8"s) == "line 1 has bytes that are no utf-16");
}

TEST_CASE("told what the file is, it does not guess") {
  CHECK(decode("S\xC3\xB8ren", Encoding::cp1252).text == "SÃ¸ren");
  CHECK(decode("Søren\nJ\xF8rgen", Encoding::utf8).text == "Søren\nJ\xF8rgen");
  CHECK(decode("\xC0\x80", Encoding::utf8).text == "\xC0\x80");
}

}  // namespace
}  // namespace kundehub::text
