// What is read by several threads comes as if one had read it.
#include <algorithm>
#include <filesystem>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "core/store/operation.hpp"
#include "tests/support/mail_fixture.hpp"
#include "tests/support/records.hpp"

using namespace kundehub;
using namespace kundehub::test;
using kundehub::mail_test::ScratchDirectory;

namespace {

constexpr int many = 10'700;  // more than are read ahead at once

/// Businesses with numbers of three to five digits, in random order; each third has the tag `third`.
void fill(Records& records) {
  std::vector<int> numbers;
  for (int i = 0; i < many; ++i) numbers.push_back(700 + i * 5);
  std::ranges::shuffle(numbers, std::mt19937(7));
  const auto operation = records.begin();
  for (const int number : numbers) {
    CustomerData data;
    data.name = "Firma " + std::to_string(number);
    if (number % 3 == 0) data.tags = {"third", "best"};
    if (number % 2 == 0) data.modules = {"timesheets", "invoices", "projects"};
    const CustomerId id = operation->add_customer(data, CustomerNumber::parse(std::to_string(number)));
    ContactData contact = sample_contact().contact.data;
    operation->add_contact(id, contact);
  }
  operation->commit();
}

std::vector<int> exported(Store& store, const CustomerFilter& filter, Time now) {
  std::vector<int> numbers;
  store.each_customer_text(filter, ContactsToo::yes, now, [&](const CustomerText& text) {
    numbers.push_back(std::stoi(std::string(text.customer[0])));
    CHECK(text.customer[2] == "Firma " + std::string(text.customer[0]));
    CHECK(text.contacts.size() == 1);
    CHECK(text.customer[13] == (numbers.back() % 3 == 0 ? "best,third" : ""));
    CHECK(text.customer[15] == (numbers.back() % 2 == 0 ? "invoices,projects,timesheets" : ""));
  });
  return numbers;
}

std::set<std::int64_t> found(Store& store, const std::string& word) {
  std::set<std::int64_t> customers;
  store.find_search_texts([&](std::string_view texts) { return texts.find(word) != std::string_view::npos; },
                          [&](const SearchText& text) { customers.insert(text.customer.value); });
  return customers;
}

}  // namespace

TEST_CASE("an export of many customers has each once, in the order of numbers") {
  const ScratchDirectory folder;
  Records records(folder.path() / "hub.db");
  fill(records);
  const auto all = exported(*records.store, {}, records.now);
  CHECK(all.size() == many);
  CHECK(std::ranges::is_sorted(all));
  CHECK(std::ranges::adjacent_find(all) == all.end());

  CustomerFilter third;
  third.tags = {"third"};
  const auto thirds = exported(*records.store, third, records.now);
  CHECK(std::ranges::is_sorted(thirds));
  CHECK(thirds.size() == static_cast<std::size_t>(std::ranges::count_if(all, [](int n) { return n % 3 == 0; })));

  CustomerFilter one;
  one.where = {{"name", "Firma 1200"}};
  CHECK(exported(*records.store, one, records.now) == std::vector{1200});
}

TEST_CASE("whoever stops in the middle of an export gets the exception, and the store goes on") {
  const ScratchDirectory folder;
  Records records(folder.path() / "hub.db");
  fill(records);
  int seen = 0;
  const auto stop = [&](const CustomerText&) {
    if (++seen == 1500) throw std::runtime_error("enough");
  };
  CHECK_THROWS_WITH(records.store->each_customer_text({}, ContactsToo::no, records.now, stop), "enough");
  CHECK(exported(*records.store, {}, records.now).size() == many);
}

TEST_CASE("a reader that fails ends the export with its error") {
  const ScratchDirectory folder;
  const auto file = folder.path() / "hub.db", away = folder.path() / "away.db";
  Records records(file);
  fill(records);
  int seen = 0;
  const auto take_away = [&](const CustomerText&) {
    if (++seen == 1) std::filesystem::rename(file, away);  // before the readers open it
  };
  CHECK_THROWS_AS(records.store->each_customer_text({}, ContactsToo::no, records.now, take_away), Error);
}

TEST_CASE("a search of many customers finds what each of its threads reads") {
  const ScratchDirectory folder;
  Records records(folder.path() / "hub.db");
  fill(records);
  records.sql("PRAGMA foreign_keys = OFF");
  records.sql("UPDATE customer SET id = id + 300000 WHERE id > 5000");
  records.sql("UPDATE contact SET customer_id = customer_id + 300000 WHERE customer_id > 5000");
  records.sql("PRAGMA foreign_keys = ON");
  CHECK(found(*records.store, "Firma ").size() == many);
  CHECK(found(*records.store, "Firma 1200\n").size() == 1);
  CHECK(found(*records.store, "Anna").size() == many);  // each one's contact
  const auto fail = [](const SearchText&) { throw std::runtime_error("enough"); };
  CHECK_THROWS_WITH(records.store->find_search_texts([](std::string_view) { return true; }, fail), "enough");
}

TEST_CASE("within a change an export and a search see what it has changed") {
  const ScratchDirectory folder;
  Records records(folder.path() / "hub.db");
  fill(records);
  const auto operation = records.begin();
  CustomerData data;
  data.name = "Firma 99997";
  const CustomerId id = operation->add_customer(data, CustomerNumber::parse("99997"));
  ContactData contact = sample_contact().contact.data;
  contact.first_name = "Sjælden";
  operation->add_contact(id, contact);
  CHECK(exported(*records.store, {}, records.now).size() == many + 1);
  CHECK(found(*records.store, "Firma 99997") == std::set{id.value});
  CHECK(found(*records.store, "Sjælden") == std::set{id.value});
  operation->commit();
  CHECK(found(*records.store, "Sjælden") == std::set{id.value});
}
