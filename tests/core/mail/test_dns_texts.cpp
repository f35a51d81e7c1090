#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/mail/dns_texts.hpp"

using kundehub::mail::read_dns_texts;

namespace {

using Bytes = std::vector<unsigned char>;

void append(Bytes& bytes, const std::string& text) {
  bytes.insert(bytes.end(), text.begin(), text.end());
}

void append_number(Bytes& bytes, std::size_t number) {
  bytes.push_back(static_cast<unsigned char>(number >> 8));
  bytes.push_back(static_cast<unsigned char>(number));
}

/// A header that announces `answers` records, and the question for the TXT records of `firma.dk`.
Bytes begin_message(std::size_t answers) {
  Bytes bytes{0x12, 0x34, 0x81, 0x80, 0, 1};
  append_number(bytes, answers);
  bytes.insert(bytes.end(), {0, 0, 0, 0, 5});
  append(bytes, "firma");
  bytes.push_back(2);
  append(bytes, "dk");
  bytes.insert(bytes.end(), {0, 0, 16, 0, 1});
  return bytes;
}

/// A record of the name in the question.
void append_record(Bytes& bytes, unsigned char type, const Bytes& data) {
  bytes.insert(bytes.end(), {0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 60});
  append_number(bytes, data.size());
  bytes.insert(bytes.end(), data.begin(), data.end());
}

Bytes strings(const std::vector<std::string>& texts) {
  Bytes data;
  for (const std::string& text : texts) {
    data.push_back(static_cast<unsigned char>(text.size()));
    append(data, text);
  }
  return data;
}

}  // namespace

TEST_CASE("the strings of a TXT record are joined, and other records are passed over") {
  Bytes message = begin_message(3);
  append_record(message, 16, strings({"v=spf1 a ", "mx -all"}));
  append_record(message, 1, {127, 0, 0, 1});
  append_record(message, 16, strings({""}));
  CHECK(read_dns_texts(message) == std::vector<std::string>{"v=spf1 a mx -all", ""});
}

TEST_CASE("a DNS message may end anywhere") {
  Bytes message = begin_message(2);
  append_record(message, 16, strings({"one"}));
  append_record(message, 16, strings({"two"}));
  for (std::size_t size = 0; size < message.size(); ++size) {
    CAPTURE(size);
    const Bytes cut(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
    const auto texts = read_dns_texts(cut);
    CHECK(texts.size() < 2);
  }
}

TEST_CASE("lengths that lie, and names that point at themselves, are survived") {
  Bytes beyond = begin_message(1);
  append_record(beyond, 16, {200, 'a', 'b'});  // the string ends with its record
  CHECK(read_dns_texts(beyond) == std::vector<std::string>{"ab"});
  Bytes behind = begin_message(1);
  append_record(behind, 16, strings({"ab"}));
  behind[behind.size() - 4] = 0xff;  // the record claims more than the message has
  CHECK(read_dns_texts(behind).empty());
  Bytes loop = begin_message(1);
  const std::size_t place = loop.size();
  append_record(loop, 16, strings({"ab"}));
  loop[place + 1] = static_cast<unsigned char>(place);  // the name points at itself
  CHECK(read_dns_texts(loop).size() <= 1);
  CHECK(read_dns_texts(Bytes(70'000, 0xff)).empty());
}

TEST_CASE("bytes that are no printable ASCII are shown as question marks") {
  Bytes message = begin_message(1);
  append_record(message, 16, strings({"\x1b]0;x\x07 \xc3\xa6\n"}));
  CHECK(read_dns_texts(message) == std::vector<std::string>{"?]0;x? ???"});
}

TEST_CASE("of endless answers a beginning is kept") {
  Bytes message = begin_message(100);
  for (int i = 0; i < 100; ++i) append_record(message, 16, strings({"x"}));
  CHECK(read_dns_texts(message).size() == 64);
  Bytes large = begin_message(1);
  append_record(large, 16, strings(std::vector<std::string>(200, std::string(255, 'x'))));
  REQUIRE(read_dns_texts(large).size() == 1);
  CHECK(read_dns_texts(large)[0].size() == 8 * 1024);
}
