#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/records.hpp"

using namespace kundehub;
using namespace kundehub::test;

namespace {

constexpr int many = 1203;  // more than two batches, and no whole number of them

/// Customers 1 to 1203, each with as many contacts as its number's last digit.
struct Crowd : Records {
  Crowd() {
    sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1203) "
        "INSERT INTO customer (number, kind, name, country, language, hub, hub_changed_at, created_at, updated_at) "
        "SELECT i, 'business', 'Nr ' || (9999 - i), 'DK', 'da', i % 2, 0, i, i FROM n");
    sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) "
        "INSERT INTO contact (customer_id, first_name, last_name, email, email_key, email_changed_at, hub, "
        "hub_changed_at, is_primary, created_at, updated_at) SELECT customer.id, 'A', 'B', 'p' || i || '@x.dk', "
        "'p' || i || '@x.dk', 0, 1, 0, 0, 0, 0 FROM customer JOIN n ON i <= customer.id % 10 ORDER BY i, customer.id");
  }

  std::vector<std::string> numbers(const CustomerPage& page, const CustomerFilter& filter = {}) {
    std::vector<std::string> found;
    store->each_customer(filter, page, now,
                         [&](const CustomerOverview& one) { found.push_back(one.customer.number.text()); });
    return found;
  }
};

CustomerPage page_of(CustomerOrder order, Direction direction, std::optional<std::int64_t> limit = std::nullopt) {
  return {.order = order, .direction = direction, .after = std::nullopt, .limit = limit};
}

}  // namespace

TEST_CASE("a long list holds each customer once, in order, in both directions") {
  Crowd crowd;
  const auto up = crowd.numbers(page_of(CustomerOrder::number, Direction::ascending));
  REQUIRE(up.size() == many);
  for (int i = 0; i < many; ++i) CHECK(up[static_cast<std::size_t>(i)] == std::to_string(i + 1));
  auto down = crowd.numbers(page_of(CustomerOrder::number, Direction::descending));
  CHECK(std::vector<std::string>(down.rbegin(), down.rend()) == up);
  auto by_name = crowd.numbers(page_of(CustomerOrder::name, Direction::descending));
  CHECK(by_name.size() == many);
  CHECK(by_name.front() == "1");
}

TEST_CASE("a page of a long list has just its length, also across the batches") {
  Crowd crowd;
  for (const std::int64_t limit : {1, 499, 500, 501, 1000, 1001, 1203, 5000}) {
    CAPTURE(limit);
    CustomerPage page = page_of(CustomerOrder::number, Direction::ascending, limit);
    const auto first = crowd.numbers(page);
    CHECK(first.size() == static_cast<std::size_t>(std::min<std::int64_t>(limit, many)));
    page.after = CustomerNumber::parse("100");
    const auto behind = crowd.numbers(page);
    CHECK(behind.size() == static_cast<std::size_t>(std::min<std::int64_t>(limit, many - 100)));
    CHECK(behind.front() == "101");
    CHECK(crowd.numbers(page_of(CustomerOrder::name, Direction::ascending, limit)).size() == first.size());
  }
}

TEST_CASE("a filter holds in every batch") {
  Crowd crowd;
  CustomerFilter filter;
  filter.hub = HubSwitch::on;
  const auto on = crowd.numbers(page_of(CustomerOrder::number, Direction::ascending), filter);
  CHECK(on.size() == 602);
  for (const std::string& number : on) CHECK(std::stoi(number) % 2 == 1);
}

TEST_CASE("a long list of contacts holds each once, by customer and id") {
  Crowd crowd;
  std::set<std::int64_t> seen;
  std::pair<int, std::int64_t> last{0, 0};
  int out_of_order = 0, customers_wrong = 0;
  crowd.store->each_contact({}, crowd.now, [&](const ContactOverview& contact) {
    const std::pair<int, std::int64_t> place{std::stoi(contact.customer_number.text()), contact.contact.id.value};
    out_of_order += place > last ? 0 : 1;
    customers_wrong += contact.contact.customer.value == place.first ? 0 : 1;
    last = place;
    seen.insert(contact.contact.id.value);
  });
  CHECK(std::to_string(seen.size()) == crowd.value("SELECT count(*) FROM contact"));
  CHECK(seen.size() > 5000);
  CHECK(out_of_order == 0);
  CHECK(customers_wrong == 0);
}

TEST_CASE("whoever reads a list may change what it lists, and a writer need not wait for the reader") {
  Crowd crowd;
  int visited = 0;
  crowd.store->each_customer({}, page_of(CustomerOrder::number, Direction::ascending, 20), crowd.now,
                             [&](const CustomerOverview& one) {
                               const auto operation = crowd.begin();
                               CustomerData data = one.customer.data;
                               data.notes = "seen";
                               operation->change_customer(one.customer.id, data);
                               operation->commit();
                               ++visited;
                             });
  CHECK(visited == 20);
  CHECK(crowd.value("SELECT count(*) FROM customer WHERE notes = 'seen'") == "20");
}
