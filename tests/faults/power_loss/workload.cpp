#include "tests/faults/power_loss/workload.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "core/store/import_stage.hpp"
#include "core/store/welcome_queue.hpp"

namespace kundehub::test {
namespace {

constexpr int changes = 60;       // before and behind the second import
constexpr int first_rows = 3000;  // they are copied into the empty tables as they are
constexpr int later_rows = 1500;  // they are filled into the indexes that are there

/// So few pages that a large transaction writes to the database before it is committed.
constexpr const char* small_cache = "PRAGMA main.cache_size = 40";

}  // namespace

Workload::Workload(const std::filesystem::path& database, Random& random, std::function<void()> saved)
    : records(database), m_random(random), m_saved(std::move(saved)) {}

void Workload::run() {
  import(first_rows);
  for (int turn = 0; turn < changes; ++turn) change_something();
  import(later_rows);
  for (int turn = 0; turn < changes; ++turn) change_something();
}

void Workload::change(const std::function<void(Operation&)>& steps) {
  records.now += std::chrono::minutes(1);
  const auto operation = records.begin();
  steps(*operation);
  if (operation->commit()) m_saved();
}

void Workload::change_something() {
  constexpr Step steps[] = {&Workload::add_customer,     &Workload::add_customer,    &Workload::add_contact,
                            &Workload::add_contact,      &Workload::edit_customer,   &Workload::edit_contact,
                            &Workload::archive_customer, &Workload::delete_customer, &Workload::delete_contact,
                            &Workload::queue_mail,       &Workload::queue_mail,      &Workload::queue_mail,
                            &Workload::cancel_mail,      &Workload::end_link};
  const std::size_t choice = any(std::size(steps) + 1);
  if (choice == std::size(steps)) return deliver_one();
  const bool starts = m_contacts.empty();
  change([&](Operation& operation) { (this->*(starts ? &Workload::add_customer : steps[choice]))(operation); });
}

void Workload::import(int customers) {
  const auto stage = records.store->open_import_stage(records.now);
  for (int row = 1; row <= customers; ++row) {
    stage->add({.place = {row, row + 1}, .number = std::nullopt, .data = business(), .contacts = {{person()}}}, "");
  }
  stage->finish_collecting();
  stage->prepare_entry();
  records.sql(small_cache);
  change([&](Operation& operation) { operation.add_staged(*stage); });
  records.sql(small_cache);
}

/// Each step of a mail on its way is told as durable by itself: what comes behind it relies on that.
void Workload::deliver_one() {
  WelcomeQueue& queue = records.store->welcome_queue();
  std::vector<ClaimedWelcome> claimed;
  queue.in_group([&] { claimed = queue.claim(records.now, 1, {}); });
  m_saved();  // even if nothing was claimed: a mail whose link has ended is cancelled then
  if (claimed.empty()) return;
  const WelcomeId mail = claimed.front().welcome.id;
  bool goes_out = false;
  const Time expires_at = records.now + std::chrono::days(7);
  queue.in_group([&] { goes_out = queue.begin_final_dot(mail, expires_at, claimed.front().welcome.template_hash); });
  m_saved();
  if (!goes_out) return;
  const TryRecord taken{.welcome = mail,
                        .state = WelcomeState::sent,
                        .outcome = "accepted",
                        .stage = "final dot",
                        .reply = "250 2.0.0 taken",
                        .due_at = std::nullopt};
  queue.in_group([&] { queue.record(taken, records.now); });
  m_saved();
}

void Workload::add_customer(Operation& operation) {
  m_customers.push_back(operation.add_customer(business(), std::nullopt));
  for (std::size_t contacts = 1 + any(3); contacts > 0; --contacts)
    m_contacts.push_back(operation.add_contact(m_customers.back(), person()));
}

void Workload::edit_customer(Operation& operation) {
  CustomerData data = business();
  data.notes.assign(any(3) == 0 ? 9000 : 20, 'n');  // on pages of their own, or among the others
  operation.change_customer(some_customer(), data);
}

void Workload::archive_customer(Operation& operation) {
  operation.archive_customer(some_customer());
}

void Workload::delete_customer(Operation& operation) {
  const CustomerId customer = some_customer();
  const auto goes = [&](ContactId id) { return records.contact(id).contact.customer == customer; };
  std::erase_if(m_contacts, goes);
  std::erase(m_customers, customer);
  operation.delete_customer(customer);
}

void Workload::add_contact(Operation& operation) {
  m_contacts.push_back(operation.add_contact(some_customer(), person()));
}

void Workload::edit_contact(Operation& operation) {
  operation.change_contact(some_contact(), person());
}

void Workload::delete_contact(Operation& operation) {
  const ContactId contact = some_contact();
  std::erase(m_contacts, contact);
  operation.delete_contact(contact);
}

void Workload::queue_mail(Operation& operation) {
  const ContactOverview contact = records.contact(some_contact());
  const LinkPolicy policy = any(2) == 0 ? LinkPolicy::keep : LinkPolicy::rotate;
  try {
    invite(operation, contact, policy, {records.key, records.templates, "example.dk"});
  } catch (const Error&) {  // archived, or just being sent
    add_contact(operation);
  }
}

void Workload::cancel_mail(Operation& operation) {
  for (const ContactId contact : m_contacts)
    if (operation.cancel_welcome(contact)) return;
}

void Workload::end_link(Operation& operation) {
  operation.end_link(some_contact(), LinkEnd::revoked);
}

CustomerData Workload::business() {
  CustomerData data;
  data.name = fmt::format("Firma {} ApS", ++m_named);
  data.phone = fmt::format("{:08}", any(100'000'000));
  data.address = fmt::format("Nørregade {}", any(200));
  data.tags = {fmt::format("tag{}", any(9)), "vip"};
  data.hub = HubSwitch::on;
  data.modules = {"invoices"};
  return data;
}

ContactData Workload::person() {
  ContactData data = parse_mailbox(fmt::format("Søren Nr{0} <p{0}@example.dk>", ++m_named));
  data.title = "Direktør";
  return data;
}

CustomerId Workload::some_customer() {
  return m_customers.at(any(m_customers.size()));
}

ContactId Workload::some_contact() {
  return m_contacts.at(any(m_contacts.size()));
}

}  // namespace kundehub::test
