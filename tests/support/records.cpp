#include "tests/support/records.hpp"

#include "core/store/sqlite/connection.hpp"

namespace kundehub::test {

Records::Records() : store(std::make_shared<sqlite::SqliteStore>()) {}

Records::Records(const std::filesystem::path& file) {
  sqlite::create_database(file);
  store = std::make_shared<sqlite::SqliteStore>(file, sqlite::Access::read);
}

std::unique_ptr<Operation> Records::begin(OperationMode mode) {
  return store->begin_operation({.actor = "admin", .host = "desk", .command = "test", .at = now}, mode);
}

CustomerId Records::add_business(const std::string& name) {
  CustomerData data;
  data.name = name;
  data.hub = HubSwitch::on;
  data.modules = {"projects"};
  const auto operation = begin();
  const CustomerId id = operation->add_customer(data, std::nullopt);
  operation->commit();
  return id;
}

ContactId Records::add_contact(CustomerId customer, const std::string& mailbox) {
  const auto operation = begin();
  const ContactId id = operation->add_contact(customer, parse_mailbox(mailbox));
  operation->commit();
  return id;
}

std::vector<ContactId> Records::add_contacts(int count) {
  const CustomerId customer = add_business();
  std::vector<ContactId> contacts;
  for (int i = 1; i <= count; ++i) {
    contacts.push_back(
        add_contact(customer, "Person Nr" + std::to_string(i) + " <p" + std::to_string(i) + "@example.dk>"));
  }
  return contacts;
}

WelcomeId Records::invite(ContactId contact_id, LinkPolicy policy) {
  const auto operation = begin();
  const WelcomeId id = kundehub::invite(*operation, contact(contact_id), policy, {key, templates, "example.dk"});
  operation->commit();
  return id;
}

std::string Records::value(const std::string& query) {
  SQLite::Statement statement(store->database(), query);
  return statement.executeStep() ? statement.getColumn(0).getString() : "none";
}

}  // namespace kundehub::test
