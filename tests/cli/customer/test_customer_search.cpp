#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

struct Customers : Shell {
  Customers() {
    (*this)("customer add --business 'Søren & Sønner ApS' --cvr 13585628 --phone '+45 12 34 56 78'");
    (*this)("customer add --business 'Århus Bogføring' --email post@aarhus.dk");
    (*this)("customer add --private 'Sørine Ågård' --email soerine@example.dk --phone 87654321");
    (*this)("customer add --business Nordlys --contact 'Søren Aaby <sa@nordlys.dk>'");
    (*this)("customer add --business 'Soren Import'");
  }

  /// The numbers that a search finds, in its order.
  std::string find(const std::string& words) {
    (*this)("customer search --format ids " + words);
    std::string found = out;
    for (char& c : found) c = c == '\n' ? ' ' : c;
    return found.substr(0, found.find_last_not_of(' ') + 1);
  }
};

}  // namespace

TEST_CASE("customer search finds what a Dane expects, whatever the keyboard") {
  Customers kundehub;
  for (const char* word : {"soren", "SØREN", "sören"}) {
    CAPTURE(word);
    const std::string found = kundehub.find(word);
    CHECK(found.find("1001") != std::string::npos);
    CHECK(found.find("1004") != std::string::npos);
    CHECK(found.find("1005") != std::string::npos);
    CHECK(found.find("1003") == std::string::npos);
  }
  CHECK(kundehub.find("SØREN") == "1001 1005 1004");
  CHECK(kundehub.find("aarhus") == "1002");
  CHECK(kundehub.find("århus") == "1002");
  CHECK(kundehub.find("agard") == "1003");
  CHECK(kundehub.find("aaby") == "1004");
}

TEST_CASE("customer search looks at number, name, CVR, e-mail, phone and contacts") {
  Customers kundehub;
  CHECK(kundehub.find("1003") == "1003");
  CHECK(kundehub.find("13585628") == "1001");
  CHECK(kundehub.find("1358") == "1001");
  CHECK(kundehub.find("post@aarhus.dk") == "1002");
  CHECK(kundehub.find("sa@nordlys.dk") == "1004");
  CHECK(kundehub.find("12345678") == "1001");
  CHECK(kundehub.find("12 34 56 78") == "1001");
  CHECK(kundehub.find("+4512345678") == "1001");
  CHECK(kundehub.find("'87 65 43 21'") == "1003");
  CHECK(kundehub.find("nonsense") == "");
}

TEST_CASE("every word has to match, at the customer or a contact") {
  Customers kundehub;
  CHECK(kundehub.find("nordlys aaby") == "1004");
  CHECK(kundehub.find("søren sønner") == "1001");
  CHECK(kundehub.find("nordlys sønner") == "");
}

TEST_CASE("the best match comes first, and archived customers last") {
  Customers kundehub;
  kundehub("customer add --business 'Aps Holding 1004'");
  CHECK(kundehub.find("1004") == "1004 1006");
  kundehub("customer add --business Søren");
  CHECK(kundehub.find("søren") == "1007 1001 1005 1004");
  kundehub("customer archive 1007");
  CHECK(kundehub.find("--limit 1 søren") == "1001");
  CHECK(kundehub.find("søren") == "1001 1005 1004 1007");
}

TEST_CASE("customer search tells what matched, and marks it on a terminal") {
  Customers kundehub;
  const ordered_json found = kundehub.json("customer search aaby");
  CHECK(found[0]["match_field"] == "contact_name");
  CHECK(found[0]["match"] == "Søren Aaby");
  CHECK(kundehub.json("customer search 12345678")[0]["match"] == "+45 12 34 56 78");
  CHECK(kundehub("customer search aaby --color always") == 0);
  CHECK(kundehub.out.find("Søren \x1b[1mAaby\x1b[0m\n") != std::string::npos);
  CHECK(kundehub("customer search 2345678 --color always") == 0);
  CHECK(kundehub.out.find("+45 1\x1b[1m2 34 56 78\x1b[0m\n") != std::string::npos);
  CHECK(kundehub("customer search aaby") == 0);
  CHECK(kundehub.out.find('\x1b') == std::string::npos);
  CHECK(kundehub("customer search aaby --color always --format tsv") == 0);
  CHECK(kundehub.out.find('\x1b') == std::string::npos);
}

TEST_CASE("customer search shows the best and says how many there are") {
  Customers kundehub;
  CHECK(kundehub.find("--limit 2 søren") == "1001 1005");
  CHECK(kundehub.said("2 of 3 customers are shown\nhint: kundehub customer search --limit 3 'søren'\n"));
  CHECK(kundehub("customer search nobody") == 0);
  CHECK(kundehub.said("no customer matches \"nobody\""));
  CHECK(kundehub("customer search --limit 0 x") == 2);
  CHECK(kundehub("customer search ''") == 65);
  CHECK(kundehub("customer search ' '") == 65);
  CHECK(kundehub("customer search a b c d e f g h i") == 65);
  std::string rings;
  for (int i = 0; i < 60'000; ++i) rings += "ø";
  CHECK(kundehub("customer search " + rings) == 65);
  CHECK(kundehub("customer search") == 2);
}
