#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/store/operation.hpp"
#include "core/store/sqlite/sqlite_store.hpp"
#include "core/welcome/invitation.hpp"
#include "core/welcome/login_link.hpp"
#include "tests/support/sample_contact.hpp"

namespace kundehub::test {

/// A store with short ways to put something into it and to look at what is in it. The time stands still until a test
/// moves it.
class Records {
 public:
  /// In memory.
  Records();

  /// In a file that is made if it is missing.
  explicit Records(const std::filesystem::path& file);

  std::unique_ptr<Operation> begin(OperationMode mode = OperationMode::keep);

  /// Business `name`, its HUB switch on, with the module `projects`.
  CustomerId add_business(const std::string& name = "Nordlys ApS");
  ContactId add_contact(CustomerId customer, const std::string& mailbox);

  /// `count` contacts of one new business: p1@example.dk, p2@example.dk, …
  std::vector<ContactId> add_contacts(int count);

  /// Puts a welcome mail into the queue.
  WelcomeId invite(ContactId contact, LinkPolicy policy = LinkPolicy::keep);

  ContactOverview contact(ContactId id) { return *store->contact(id, now); }
  Welcome welcome(WelcomeId id) { return *store->welcome(id, now); }

  void sql(const std::string& statement) { store->database().exec(statement); }

  /// The first value of the first row, as text; "none" without a row.
  std::string value(const std::string& query);

  Time now = test_time();
  LinkKey key = LinkKey::generate();
  WelcomeTemplates templates;
  std::shared_ptr<sqlite::SqliteStore> store;
};

}  // namespace kundehub::test
