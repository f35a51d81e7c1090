#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "core/model/known_name.hpp"
#include "tests/support/mail_fixture.hpp"
#include "tests/support/records.hpp"

using namespace kundehub;
using namespace kundehub::test;

namespace {

using Names = std::vector<std::string>;

Names names(Records& records, const NameQuery& query) {
  Names found;
  for (const KnownName& known : records.store->find_names(query)) found.push_back(known.name);
  return found;
}

/// `count` customers from `first` on.
void add_customers(Records& records, int first, int count) {
  records.sql("WITH RECURSIVE i (n) AS (SELECT " + std::to_string(first) + " UNION ALL SELECT n + 1 FROM i LIMIT " +
              std::to_string(count) +
              ") INSERT INTO customer (number, kind, name, country, language, hub, hub_changed_at, created_at, "
              "updated_at) SELECT n, 'business', 'C' || n, 'DK', 'da', 0, 1, 1, 1 FROM i");
}

}  // namespace

TEST_CASE("numbers are found by their beginning, shorter ones first") {
  Records records;
  add_customers(records, 8, 5);
  add_customers(records, 100, 3);
  CHECK(names(records, {.prefix = ""}) == Names{"8", "9", "10", "11", "12", "100", "101", "102"});
  CHECK(names(records, {.prefix = "10"}) == Names{"10", "100", "101", "102"});
  CHECK(names(records, {.prefix = "2"}).empty());
  CHECK(names(records, {.prefix = "%"}).empty());
  CHECK(records.store->find_names({.prefix = "102"}) == std::vector<KnownName>{{"102", "C102"}});
}

TEST_CASE("of too many names the last one tells what all of them have in common") {
  Records records;
  add_customers(records, 1000, 900);
  add_customers(records, 10000, 900);
  CHECK(names(records, {.prefix = "1", .limit = 3}) == Names{"1000", "1001", "1002", "1899", "10000", "10899"});
  CHECK(names(records, {.prefix = "18", .limit = 3}) == Names{"1800", "1801", "1802", "1899"});
  CHECK(names(records, {.prefix = "189", .limit = 10}).size() == 10);
  CHECK(names(records, {.kind = NameKind::customer_id, .prefix = "1", .limit = 2}) ==
        Names{"1", "10", "19", "100", "199", "1000", "1800"});
  CHECK(names(records, {.kind = NameKind::customer_id, .prefix = "", .limit = 2}) == Names{"1", "2", "1800"});
}

TEST_CASE("ids have no other digits than those of numbers") {
  Records records;
  records.add_business();
  for (const char* prefix : {"0", "01", "-1", "1x", " 1", "99999999999999999999", "9223372036854775807"})
    CHECK(names(records, {.kind = NameKind::customer_id, .prefix = prefix}).empty());
  CHECK(names(records, {.kind = NameKind::customer_id, .prefix = "1"}) == Names{"1"});
}

TEST_CASE("an address that several share is one name, and nobody's customer") {
  Records records;
  const CustomerId a = records.add_business("A"), b = records.add_business("B");
  records.add_contact(a, "Bo Ek <Bo@ek.dk>");
  records.add_contact(b, "Bo Ek <Bo@ek.dk>");
  records.add_contact(b, "Bob Ås <bob@aas.dk>");
  const NameQuery bo{.kind = NameKind::contact_email, .prefix = "bo"};
  CHECK(records.store->find_names(bo) == std::vector<KnownName>{{"bo@ek.dk", "Bo Ek"}, {"bob@aas.dk", "Bob Ås", "B"}});
  CHECK(names(records, {.kind = NameKind::contact_email, .prefix = "Bo"}) == Names{"Bo@ek.dk", "bob@aas.dk"});
  CHECK(names(records, {.kind = NameKind::contact_email, .prefix = "", .customer = a}) == Names{"Bo@ek.dk"});
  CHECK(names(records, {.kind = NameKind::contact_id, .prefix = "", .customer = b}) == Names{"2", "3"});
  CHECK(records.store->find_names({.kind = NameKind::contact_id, .prefix = "3"}) ==
        std::vector<KnownName>{{"3", "Bob Ås", "B"}});
}

TEST_CASE("each tag is named once, the latest operation first") {
  Records records;
  const CustomerId a = records.add_business("A"), b = records.add_business("B");
  records.sql("INSERT INTO customer_tag VALUES (1, 'Rød'), (1, 'vip'), (2, 'vip'), (2, 'Æble')");
  CHECK(names(records, {.kind = NameKind::tag, .prefix = ""}) == Names{"Rød", "vip", "Æble"});
  CHECK(names(records, {.kind = NameKind::tag, .prefix = "R"}) == Names{"Rød"});
  CHECK(names(records, {.kind = NameKind::tag, .prefix = "", .limit = 1}) == Names{"Rød", "Æble"});
  CHECK(names(records, {.kind = NameKind::tag, .prefix = "", .customer = a}) == Names{"Rød", "vip"});
  CHECK(names(records, {.kind = NameKind::tag, .prefix = "v", .customer = b}) == Names{"vip"});
  CHECK(names(records, {.kind = NameKind::operation_id, .prefix = ""}) == Names{"2", "1"});
}

TEST_CASE("a glance at the database waits for nobody and can change nothing") {
  const mail_test::ScratchDirectory folder;
  const auto file = folder.path() / "hub.db";
  Records records(file);
  records.add_business();
  {
    sqlite::SqliteStore glance(file, sqlite::Access::glance);
    CHECK(glance.find_names({.prefix = "1"}).size() == 1);
    CHECK_THROWS(glance.database().exec("DELETE FROM customer"));
  }
  records.sql("BEGIN EXCLUSIVE");
  const auto start = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(sqlite::SqliteStore(file, sqlite::Access::glance), Error);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
  records.sql("COMMIT");
}
