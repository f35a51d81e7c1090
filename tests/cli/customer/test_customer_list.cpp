#include <set>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/golden.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

/// Four customers: a business, two persons, and one with a number that does not count.
struct Listing : Shell {
  Listing() {
    add_nordlys();
    records.now += kundehub::Seconds(60);
    add_lund();
    records.now += kundehub::Seconds(60);
    (*this)("customer add --private 'Åse Bæk' --number 999 --tag vip --tag ny --country SE --notes x");
    (*this)("customer add --business Ærø --number K-1 --tag vip --cvr 13585628");
    (*this)("welcome send 1001 --queue");
  }

  /// The numbers that a line lists.
  std::string numbers(const std::string& arguments) {
    CHECK((*this)("customer list --format ids " + arguments) == 0);
    std::string text = out;
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return text;
  }
};

}  // namespace

TEST_CASE("customer list shows each customer with the number of its contacts, in the order of the numbers") {
  Listing kundehub;
  CHECK(kundehub("customer list") == 0);
  check_golden("customer_list", kundehub.out);
  CHECK(kundehub.numbers("") == "999 K-1 1001 1002 ");
}

TEST_CASE("customer list in every format") {
  Listing kundehub;
  const ordered_json list = kundehub.json("customer list");
  REQUIRE(list.size() == 4);
  CHECK(list[2]["contacts"] == 2);
  CHECK(list[2]["welcome"] == ordered_json{{"queued", 2}});
  CHECK(list[2]["modules"] == ordered_json::array({"projects"}));
  CHECK(list[0]["tags"] == ordered_json::array({"ny", "vip"}));
  CHECK(kundehub("customer list --format jsonl --fields number,contacts") == 0);
  CHECK(
      kundehub.out ==
      "{\"number\":\"999\",\"contacts\":1}\n{\"number\":\"K-1\",\"contacts\":0}\n{\"number\":\"1001\",\"contacts\":2}\n"
      "{\"number\":\"1002\",\"contacts\":1}\n");
  CHECK(kundehub("customer list --format csv --fields number,name,welcome --limit 3") == 0);
  CHECK(kundehub.out == "number,name,welcome\n999,Åse Bæk,none=1\nK-1,Ærø,\n1001,Nordlys ApS,queued=2\n");
  CHECK(kundehub("customer list --format tsv --fields name,number --no-header --limit 1") == 0);
  CHECK(kundehub.out == "Åse Bæk\t999\n");
  CHECK(kundehub("customer list --format count") == 0);
  CHECK(kundehub.out == "4\n");
}

TEST_CASE("an empty list is empty in every format, and no error") {
  Shell kundehub;
  for (const auto& [format, expected] : {std::pair{"table", ""},
                                         {"json", "[]\n"},
                                         {"jsonl", ""},
                                         {"csv", ""},
                                         {"tsv", ""},
                                         {"ids", ""},
                                         {"count", "0\n"}}) {
    CAPTURE(format);
    for (const char* list : {"customer list", "contact list", "hub status", "welcome status"}) {
      CAPTURE(list);
      CHECK(kundehub(std::string(list) + " --format " + format) == 0);
      CHECK(kundehub.out == expected);
      CHECK(kundehub.err == "");
    }
  }
}

TEST_CASE("customer list takes every filter, and all of them together") {
  Listing kundehub;
  CHECK(kundehub.numbers("--kind private") == "999 1002 ");
  CHECK(kundehub.numbers("--tag vip") == "999 K-1 ");
  CHECK(kundehub.numbers("--tag vip --tag ny") == "999 ");
  CHECK(kundehub.numbers("--hub on") == "1001 1002 ");
  CHECK(kundehub.numbers("--hub off") == "999 K-1 ");
  CHECK(kundehub.numbers("--module projects") == "1001 1002 ");
  CHECK(kundehub.numbers("--welcome queued") == "1001 ");
  CHECK(kundehub.numbers("--welcome none") == "999 1002 ");
  CHECK(kundehub.numbers("--since 60s") == "999 K-1 1002 ");
  CHECK(kundehub.numbers("--since 2026-11-23T10:02:00Z") == "999 K-1 ");
  CHECK(kundehub.numbers("--where country=SE") == "999 ");
  CHECK(kundehub.numbers("--where cvr=13585628") == "K-1 ");
  CHECK(kundehub.numbers("--where number=1001") == "1001 ");
  CHECK(kundehub.numbers("--where cvr=") == "999 1001 1002 ");
  CHECK(kundehub.numbers("--tag vip --kind business --hub off") == "K-1 ");
}

TEST_CASE("customer list refuses a filter that could not find anything") {
  Shell kundehub;
  CHECK(kundehub("customer list --kind firma") == 65);
  CHECK(kundehub.hint() == "use business or private");
  CHECK(kundehub("customer list --hub maybe") == 2);
  CHECK(kundehub("customer list --module project") == 3);
  CHECK(kundehub.hint() == "did you mean projects");
  CHECK(kundehub("customer list --since tomorrow") == 65);
  CHECK(kundehub("customer list --where name") == 2);
  CHECK(kundehub.message() == "--where takes FIELD=VALUE, not \"name\"");
}

TEST_CASE("customer list sorts and pages") {
  Listing kundehub;
  CHECK(kundehub.numbers("--reverse") == "1002 1001 K-1 999 ");
  CHECK(kundehub.numbers("--sort created_at") == "1001 1002 999 K-1 ");
  CHECK(kundehub.numbers("--sort name --limit 2") == "1002 1001 ");
  CHECK(kundehub.numbers("--limit 2") == "999 K-1 ");
  CHECK(kundehub.numbers("--limit 2 --after-number K-1") == "1001 1002 ");
  CHECK(kundehub.numbers("--after-number 1001 --reverse") == "K-1 999 ");
  CHECK(kundehub.numbers("--after-number 9999") == "");
  CHECK(kundehub("customer list --sort city") == 2);
  CHECK(kundehub.hint() == "use number, name, created_at or updated_at");
  CHECK(kundehub("customer list --sort name --after-number 1") == 3);
  for (const char* limit : {"0", "x", "1x", "99999999999", "1.5"}) {
    CAPTURE(limit);
    CHECK(kundehub(std::string("customer list --limit ") + limit) == 2);
    CHECK(kundehub.message() == std::string("--limit takes a whole number from 1 up, not \"") + limit + '"');
  }
}

TEST_CASE("archived customers are listed where they are asked for") {
  Listing kundehub;
  kundehub.records.sql("UPDATE customer SET archived_at = 1 WHERE number = '1001'");
  CHECK(kundehub.numbers("") == "999 K-1 1002 ");
  CHECK(kundehub.numbers("--archived") == "1001 ");
  CHECK(kundehub.numbers("--all") == "999 K-1 1001 1002 ");
  CHECK(kundehub("customer list --all --archived") == 2);
  kundehub("customer list");
  CHECK(kundehub.out.find("ARCHIVED_AT") == std::string::npos);
  for (const char* archived : {"customer list --all", "customer list --archived"}) {
    kundehub(archived);
    CHECK(kundehub.out.find("ARCHIVED_AT") != std::string::npos);
    CHECK(kundehub.out.find("1970-01-01") != std::string::npos);
  }
  CHECK(kundehub.json("contact list").size() == 2);
  CHECK(kundehub.json("contact list 1001").size() == 2);
  CHECK(kundehub.json("hub status 1001")[0]["reason"] == "archived");
}

TEST_CASE("lists go through more customers and contacts than are read at once, in the order of numbers") {
  Shell kundehub;
  kundehub.records.sql(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1203) INSERT INTO customer "
      "(number, kind, name, country, language, hub, hub_changed_at, created_at, updated_at) "
      "SELECT i * 7, 'business', 'N' || i, 'DK', 'da', 0, 1, 1, 1 FROM n");
  kundehub.records.sql(
      "INSERT INTO contact (customer_id, first_name, email_changed_at, hub, hub_changed_at, is_primary, created_at, "
      "updated_at) SELECT id, 'A', 1, 1, 1, 0, 1, 1 FROM customer, (VALUES (1), (2)) ORDER BY number");
  std::string expected, reversed, contacts;
  for (int i = 1; i <= 1203; ++i) {
    expected += std::to_string(i * 7) + '\n';
    reversed = std::to_string(i * 7) + '\n' + reversed;
    contacts += std::to_string(i * 7) + '\n' + std::to_string(i * 7) + '\n';
  }
  CHECK(kundehub("customer list --format ids") == 0);
  CHECK(kundehub.out == expected);
  CHECK(kundehub("customer list --format ids --reverse") == 0);
  CHECK(kundehub.out == reversed);
  CHECK(kundehub("contact list --format tsv --no-header --fields customer") == 0);
  CHECK(kundehub.out == contacts);
  CHECK(kundehub("contact list --format ids") == 0);
  std::set<std::string> ids;
  std::istringstream stream(kundehub.out);
  for (std::string line; std::getline(stream, line);) ids.insert(line);
  CHECK(ids.size() == 2406);
}
