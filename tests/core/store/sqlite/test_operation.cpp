#include "core/store/operation.hpp"

#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "core/model/error.hpp"
#include "tests/support/records.hpp"

using namespace kundehub;
using namespace kundehub::test;

namespace {

CustomerData business(const std::string& name) {
  CustomerData data;
  data.name = name;
  return data;
}

std::string number_of(Records& records, CustomerId id) {
  return records.store->customer(id)->number.text();
}

/// Adds a customer with its own operation and says which number it got.
std::string add(Records& records, const char* number = nullptr) {
  const auto operation = records.begin();
  const CustomerId id =
      operation->add_customer(business("x"), number ? std::optional(CustomerNumber::parse(number)) : std::nullopt);
  operation->commit();
  return number_of(records, id);
}

std::string befores(Records& records) {
  return records.value(
      "SELECT group_concat(entity || ' ' || entity_id, ', ') FROM (SELECT * FROM operation_before ORDER BY entity "
      "DESC)");
}

std::string created(Records& records) {
  return records.value(
      "SELECT group_concat(entity || ' ' || first_id || '-' || last_id, ', ') FROM (SELECT * FROM operation_created "
      "ORDER BY operation_id DESC, entity, first_id LIMIT 4)");
}

}  // namespace

TEST_CASE("numbers go on behind the highest that was ever given, and skip what is taken") {
  Records records;
  CHECK(add(records) == "1001");
  CHECK(add(records, "1003") == "1003");
  CHECK(add(records) == "1004");
  CHECK(add(records, "500") == "500");
  CHECK(add(records) == "1005");
  CHECK(add(records, "K-9999") == "K-9999");
  CHECK(add(records) == "1006");
  records.sql("DELETE FROM customer WHERE number = '1006'");
  CHECK(add(records) == "1007");
  CHECK(add(records, "002000") == "002000");
  CHECK(add(records) == "2001");
}

TEST_CASE("a number that is taken is refused, one that only looks like it is not") {
  Records records;
  add(records, "42");
  CHECK(add(records, "042") == "042");
  try {
    add(records, "42");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::conflict);
    CHECK(std::string(error.what()) == "there is a customer 42 already");
    CHECK(error.hint() == "kundehub customer show 42");
  }
}

TEST_CASE("a number that was rolled back is given again") {
  Records records;
  records.begin()->add_customer(business("x"), std::nullopt);
  CHECK(add(records) == "1001");
}

TEST_CASE("R14: an operation keeps who, where, when and what, and only if something was changed") {
  Records records;
  CHECK_FALSE(records.begin()->commit());
  CHECK(records.value("SELECT count(*) FROM operation") == "0");
  add(records);
  CHECK(records.value("SELECT actor || ' ' || host || ' ' || command || ' ' || at FROM operation") ==
        "admin desk test " + std::to_string(records.now.time_since_epoch().count()));
}

TEST_CASE("R14: what a record was before is kept once for each operation, as it was at first") {
  Records records;
  const CustomerId customer = records.add_business("Nordlys");
  const ContactId anna = records.add_contact(customer, "Anna Berg <anna@example.dk>");
  CHECK(befores(records) == "");
  const auto operation = records.begin();
  CustomerData data = records.store->customer(customer)->data;
  ContactData contact = records.contact(anna).contact.data;
  for (const char* name : {"Sydlys", "Vestlys"}) {
    data.name = name;
    operation->change_customer(customer, data);
    contact.title = name;
    operation->change_contact(anna, contact);
  }
  CHECK(operation->commit());
  CHECK(befores(records) == "customer 1, contact 1");
  const auto was = nlohmann::json::parse(records.value("SELECT was FROM operation_before WHERE entity = 'customer'"));
  CHECK(was.at("name") == "Nordlys");
  CHECK(was.at("hub") == 1);
  CHECK(was.at("modules") == nlohmann::json::array({3}));
  CHECK(was.size() == 22);
  const auto contact_was =
      nlohmann::json::parse(records.value("SELECT was FROM operation_before WHERE entity = 'contact'"));
  CHECK(contact_was.at("title").is_null());
  CHECK(contact_was.at("email") == "anna@example.dk");
}

TEST_CASE("R14: a before-image holds every column of its record, so that undo can bring it back") {
  Records records;
  const CustomerId customer = records.add_business();
  const ContactId anna = records.add_contact(customer, "Anna Berg <anna@example.dk>");
  const auto operation = records.begin();
  CustomerData data = records.store->customer(customer)->data;
  data.notes = "x";
  operation->change_customer(customer, data);
  operation->delete_contact(anna);
  operation->commit();
  for (const std::string table : {"customer", "contact"}) {
    CAPTURE(table);
    CHECK(records.value("SELECT group_concat(name) FROM pragma_table_info('" + table +
                        "') WHERE name <> 'id' AND name NOT IN "
                        "(SELECT key FROM operation_before, json_each(was) WHERE entity = '" +
                        table + "')") == "");
  }
}

TEST_CASE("R14: what an operation itself has made needs no before-image") {
  Records records;
  const auto operation = records.begin();
  const CustomerId customer = operation->add_customer(business("a"), std::nullopt);
  operation->change_customer(customer, business("b"));
  const ContactId anna = operation->add_contact(customer, parse_mailbox("Anna Berg <anna@example.dk>"));
  operation->delete_contact(anna);
  operation->commit();
  CHECK(befores(records) == "");
  CHECK(records.value("SELECT name FROM customer") == "b");
}

TEST_CASE("R14: records made one after the other are kept as a range") {
  Records records;
  const CustomerId customer = records.add_business();
  const CustomerId other = records.add_business();
  const auto operation = records.begin();
  for (const char* mailbox : {"A B <a@x.dk>", "C D <c@x.dk>", "E F <e@x.dk>"})
    operation->add_contact(customer, parse_mailbox(mailbox));
  operation->add_contact(other, parse_mailbox("G H <g@x.dk>"));
  operation->commit();
  CHECK(created(records).starts_with("contact 1-3, contact 4-4"));
}

TEST_CASE("a change to the same is no change") {
  Records records;
  const CustomerId customer = records.add_business();
  const ContactId anna = records.add_contact(customer, "Anna Berg <anna@example.dk>");
  const auto operation = records.begin();
  operation->change_customer(customer, records.store->customer(customer)->data);
  operation->change_contact(anna, records.contact(anna).contact.data);
  operation->end_link(anna, LinkEnd::revoked);
  CHECK_FALSE(operation->cancel_welcome(anna));
  CHECK_FALSE(operation->commit());
  CHECK(records.value("SELECT count(*) FROM operation") == "2");
}

TEST_CASE("an address that differs in case only is written down as it is now") {
  Records records;
  const CustomerId customer = records.add_business();
  const ContactId anna = records.add_contact(customer, "Anna Berg <anna@example.dk>");
  const Time changed = records.contact(anna).contact.email_changed_at;
  records.now += Seconds(60);
  const auto operation = records.begin();
  ContactData contact = records.contact(anna).contact.data;
  contact.email = EmailAddress::parse("Anna@example.dk");
  operation->change_contact(anna, contact);
  CustomerData data = records.store->customer(customer)->data;
  data.email = EmailAddress::parse("info@example.dk");
  operation->change_customer(customer, data);
  data.email = EmailAddress::parse("Info@example.dk");
  operation->change_customer(customer, data);
  CHECK(operation->commit());
  CHECK(records.value("SELECT email FROM contact") == "Anna@example.dk");
  CHECK(records.value("SELECT email FROM customer") == "Info@example.dk");
  CHECK(records.contact(anna).contact.email_changed_at == changed);
}

TEST_CASE("a dry run tells what would be and leaves everything as it was") {
  Records records;
  const CustomerId customer = records.add_business();
  {
    const auto operation = records.begin(OperationMode::dry_run);
    operation->add_contact(customer, parse_mailbox("Anna Berg <anna@example.dk>"));
    CHECK(records.value("SELECT count(*) FROM contact") == "1");
    CHECK(operation->commit());
  }
  CHECK(records.value("SELECT count(*) FROM contact") == "0");
  CHECK(records.value("SELECT count(*) FROM operation") == "1");
}

TEST_CASE("an operation that fails half-way leaves nothing") {
  Records records;
  const CustomerId customer = records.add_business();
  {
    const auto operation = records.begin();
    operation->add_contact(customer, parse_mailbox("Anna Berg <anna@example.dk>"));
    CHECK_THROWS_AS(operation->add_contact(customer, parse_mailbox("Anna Bech <ANNA@example.dk>")), Error);
  }
  CHECK(records.value("SELECT count(*) FROM contact") == "0");
  CHECK(records.value("SELECT count(*) FROM operation") == "1");
}

TEST_CASE("the time of a switch and of an address moves only with them") {
  Records records;
  const CustomerId customer = records.add_business();
  const ContactId anna = records.add_contact(customer, "Anna Berg <anna@example.dk>");
  const Time start = records.now;
  records.now += Seconds(60);
  auto operation = records.begin();
  ContactData contact = records.contact(anna).contact.data;
  contact.title = "Chef";
  operation->change_contact(anna, contact);
  operation->commit();
  CHECK(records.contact(anna).contact.hub_changed_at == start);
  CHECK(records.contact(anna).contact.email_changed_at == start);
  CHECK(records.contact(anna).contact.updated_at == records.now);
  records.now += Seconds(60);
  operation = records.begin();
  contact.hub = HubSwitch::off;
  contact.email = EmailAddress::parse("anna@nordlys.dk");
  operation->change_contact(anna, contact);
  operation->commit();
  CHECK(records.contact(anna).contact.hub_changed_at == records.now);
  CHECK(records.contact(anna).contact.email_changed_at == records.now);
}

TEST_CASE("one contact of a customer is the primary one") {
  Records records;
  const CustomerId customer = records.add_business();
  const auto add_primary = [&](const char* mailbox) {
    const auto operation = records.begin();
    ContactData contact = parse_mailbox(mailbox);
    contact.primary = true;
    operation->add_contact(customer, contact);
    operation->commit();
  };
  add_primary("Anna Berg <anna@example.dk>");
  add_primary("Bo Ek <bo@example.dk>");
  CHECK(records.value("SELECT group_concat(id) FROM contact WHERE is_primary") == "2");
  CHECK(befores(records) == "contact 1");
}

TEST_CASE("the operations of a customer are those that touched it or its contacts, newest first") {
  Records records;
  const CustomerId first = records.add_business();
  const CustomerId second = records.add_business();
  const ContactId anna = records.add_contact(second, "Anna Berg <anna@example.dk>");
  records.invite(anna);
  const auto ids = [&](CustomerId customer, int limit = 10) {
    std::string text;
    records.store->each_operation({.customer = customer}, limit,
                                  [&](const OperationEntry& entry) { text += std::to_string(entry.id.value) + ' '; });
    return text;
  };
  CHECK(ids(first) == "1 ");
  CHECK(ids(second) == "4 3 2 ");
  CHECK(ids(second, 2) == "4 3 ");
}
