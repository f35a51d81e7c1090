#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "tests/faults/power_loss/disk_image.hpp"
#include "tests/support/records.hpp"

namespace kundehub::test {

/// An admin's days: customers and contacts come, change and go, mails are queued, cancelled and sent, and files are
/// imported.
class Workload {
 public:
  /// Calls `saved` whenever the store has said that a change is durable.
  Workload(const std::filesystem::path& database, Random& random, std::function<void()> saved);

  /// An import into the empty database, changes, one more import, changes.
  void run();

  Records records;

 private:
  using Step = void (Workload::*)(Operation&);

  void change(const std::function<void(Operation&)>& steps);
  void change_something();
  void import(int customers);
  void deliver_one();

  void add_customer(Operation& operation);
  void edit_customer(Operation& operation);
  void archive_customer(Operation& operation);
  void delete_customer(Operation& operation);
  void add_contact(Operation& operation);
  void edit_contact(Operation& operation);
  void delete_contact(Operation& operation);
  void queue_mail(Operation& operation);
  void cancel_mail(Operation& operation);
  void end_link(Operation& operation);

  std::size_t any(std::size_t count) { return below(count, m_random); }
  CustomerData business();
  ContactData person();
  CustomerId some_customer();
  ContactId some_contact();

  Random& m_random;
  std::function<void()> m_saved;
  std::vector<CustomerId> m_customers;  ///< who can be changed; the imported ones only rest
  std::vector<ContactId> m_contacts;    ///< of theirs
  int m_named = 0;                      ///< how many names have been given
};

}  // namespace kundehub::test
