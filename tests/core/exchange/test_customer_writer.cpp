#include "core/exchange/customer_writer.hpp"

#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace kundehub;
using namespace kundehub::exchange;
using nlohmann::ordered_json;

namespace {

CustomerText business() {
  CustomerText text;
  text.customer = {
      "1001", "business", "Rød; \"Grød\"", "10150817", "bill@x.dk", "+45 12345678", "Vej 1, st.", "8000", "Aarhus",
      "DK",   "da",       "https://x.dk",  "a\nb\tc",  "vip,æ",     "on",           "invoices"};
  text.contacts = {{"Åse", "Ærø", "aase@x.dk", "", "CEO", "en", "on", "yes"},
                   {"Bo", "Ek", "bo@x.dk", "", "", "", "off", ""}};
  return text;
}

CustomerText person() {
  CustomerText text;
  text.customer = {"1002", "private", "Ida", "", "", "", "", "", "", "DK", "da", "", "", "", "off", ""};
  return text;
}

std::string written(const ExportSettings& settings, const std::vector<CustomerText>& customers) {
  std::string text;
  const auto writer = open_writer(settings, [&](std::string_view piece) { text += piece; });
  for (const CustomerText& customer : customers) writer->add(customer);
  writer->finish();
  return text;
}

/// The lines of a card, unfolded.
bool has_line(const std::string& cards, const std::string& line) {
  std::string unfolded = cards;
  for (std::size_t fold; (fold = unfolded.find("\r\n ")) != std::string::npos;) unfolded.erase(fold, 3);
  return unfolded.find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("csv has a heading and a row for each customer") {
  CHECK(written({}, {business(), person()}) ==
        "number,kind,name,cvr,email,phone,address,zip,city,country,language,website,notes,tags,hub,modules\n"
        "1001,business,\"Rød; \"\"Grød\"\"\",10150817,bill@x.dk,+45 12345678,\"Vej 1, st.\",8000,Aarhus,DK,da,"
        "https://x.dk,\"a\nb\tc\",\"vip,æ\",on,invoices\n"
        "1002,private,Ida,,,,,,,DK,da,,,,off,\n");
}

TEST_CASE("with contacts there is a row for each, and one for a customer without") {
  const std::string text = written({ExportFormat::tsv, ContactsToo::yes}, {business(), person()});
  CHECK(text.find("\tmodules\tcontact_first_name\t") != std::string::npos);
  CHECK(text.find("\tinvoices\tÅse\tÆrø\taase@x.dk\t\tCEO\ten\ton\tyes\n1001\t") != std::string::npos);
  CHECK(text.find("\tinvoices\tBo\tEk\tbo@x.dk\t\t\t\toff\t\n1002\t") != std::string::npos);
  CHECK(text.ends_with("\toff\t\t\t\t\t\t\t\t\t\n"));
}

TEST_CASE("for Excel csv begins with the byte order mark, has semicolons and CRLF") {
  const std::string text = written({ExportFormat::csv, ContactsToo::no, true}, {business()});
  CHECK(text.starts_with("\xEF\xBB\xBFnumber;kind;"));
  CHECK(text.find(";hub;modules\r\n1001;business;\"Rød; ") != std::string::npos);
  CHECK(text.find(";Vej 1, st.;8000;") != std::string::npos);
  CHECK(text.ends_with(";on;invoices\r\n"));
}

TEST_CASE("jsonl and json hold the same objects, with null for what is absent") {
  const std::string lines = written({ExportFormat::jsonl, ContactsToo::yes}, {business(), person()});
  const ordered_json first = ordered_json::parse(lines.substr(0, lines.find('\n')));
  CHECK(first["name"] == "Rød; \"Grød\"");
  CHECK(first["notes"] == "a\nb\tc");
  CHECK(first["tags"] == ordered_json{"vip", "æ"});
  CHECK(first["contacts"][0]["primary"] == true);
  CHECK(first["contacts"][1]["title"] == nullptr);
  const ordered_json all = ordered_json::parse(written({ExportFormat::json, ContactsToo::yes}, {business(), person()}));
  REQUIRE(all.size() == 2);
  CHECK(all[0] == first);
  CHECK(all[1]["cvr"] == nullptr);
  CHECK(all[1]["tags"] == ordered_json::array());
  CHECK(all[1]["contacts"] == ordered_json::array());
  CHECK_FALSE(ordered_json::parse(written({ExportFormat::json}, {person()}))[0].contains("contacts"));
  CHECK(ordered_json::parse(written({ExportFormat::json}, {})) == ordered_json::array());
  CHECK(written({ExportFormat::jsonl}, {}).empty());
}

TEST_CASE("a control character is escaped in JSON") {
  CustomerText customer = person();
  customer.customer[2] = std::string_view("a\x01\x1f\\", 4);
  CHECK(ordered_json::parse(written({ExportFormat::jsonl}, {customer}))["name"] == "a\x01\x1f\\");
}

TEST_CASE("a vcard escapes what has a meaning, and is folded between characters (RFC 6350)") {
  CustomerText customer = business();
  const std::string note = [] {
    std::string text;
    for (int i = 0; i < 60; ++i) text += "æøå";
    return text;
  }();
  customer.customer[12] = note;
  const std::string cards = written({ExportFormat::vcard, ContactsToo::yes}, {customer, person()});
  CHECK(cards.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\n"));
  CHECK(has_line(cards, "KIND:org"));
  CHECK(has_line(cards, "FN:Rød\\; \"Grød\""));
  CHECK(has_line(cards, "ADR:;;Vej 1\\, st.;Aarhus;;8000;DK"));
  CHECK(has_line(cards, "CATEGORIES:vip,æ"));
  CHECK(has_line(cards, "N:Ærø;Åse;;;"));
  CHECK(has_line(cards, "UID;VALUE=text:kundehub-1001-aase@x.dk"));
  CHECK(has_line(cards, "NOTE:" + note));
  CHECK(has_line(written({ExportFormat::vcard}, {business()}), "NOTE:a\\nb\tc"));
  CHECK(cards.ends_with("END:VCARD\r\n"));
  for (std::size_t start = 0; start < cards.size();) {
    const std::size_t end = cards.find("\r\n", start);
    CHECK(end - start <= 75);
    CHECK((static_cast<unsigned char>(cards[start == 0 ? 0 : start + (cards[start] == ' ')]) & 0xC0) != 0x80);
    start = end + 2;
  }
}

TEST_CASE("what is written comes in pieces, whatever its length") {
  std::size_t largest = 0, total = 0;
  const auto writer = open_writer({}, [&](std::string_view piece) {
    largest = std::max(largest, piece.size());
    total += piece.size();
  });
  for (int i = 0; i < 10'000; ++i) writer->add(business());
  writer->finish();
  CHECK(total > 1'000'000);
  CHECK(largest < 70'000);
}
