#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/model/change.hpp"
#include "core/model/customer_text.hpp"
#include "core/model/known_name.hpp"
#include "core/model/login.hpp"
#include "core/model/module.hpp"
#include "core/model/operation.hpp"
#include "core/model/overview.hpp"
#include "core/model/person_record.hpp"
#include "core/model/search.hpp"
#include "core/model/selector.hpp"
#include "core/model/welcome.hpp"

namespace kundehub {

class Operation;
class WelcomeQueue;
class DeliveryLease;
class ImportStage;
class PortalChange;

/// Whether customers come with their contacts.
enum class ContactsToo { no, yes };

/// Where customers, contacts and their mails are kept. Reading is here; what changes something is an Operation, or a
/// WelcomeQueue for the progress of mails.
///
/// Every function may throw Error{temporary} if the store stays locked for 60 s, Error{config} if it is damaged, and
/// Error{no_output} if the disk is full. Not thread-safe: one thread at a time.
class Store {
 public:
  virtual ~Store() = default;

  /// In the order of their numbers; empty if there is none.
  virtual std::vector<CustomerId> find_customers(const CustomerSelector& selector) = 0;

  /// The customer that one with this number was merged into. Absent if there was none.
  virtual std::optional<CustomerId> merged_into(const CustomerNumber& number) = 0;

  /// Absent if there is no such customer.
  virtual std::optional<Customer> customer(CustomerId id) = 0;

  /// Calls `visit` with each customer of the filter and page, in the page's order. Read in batches: `visit` may take
  /// its time without keeping a writer waiting, and what changes meanwhile may be seen or not.
  virtual void each_customer(const CustomerFilter& filter, const CustomerPage& page, Time now,
                             const std::function<void(const CustomerOverview&)>& visit) = 0;

  /// Calls `visit` with each customer of the filter as text, in the order of numbers; the text is gone when `visit`
  /// returns. Read in batches, as each_customer.
  virtual void each_customer_text(const CustomerFilter& filter, ContactsToo contacts, Time now,
                                  const std::function<void(const CustomerText&)>& visit) = 0;

  /// Calls `visit` with every text that a search looks at, of these customers, archived ones too. First those of the
  /// customers, then those of the contacts.
  virtual void each_search_text(const std::vector<CustomerId>& customers,
                                const std::function<void(const SearchText&)>& visit) = 0;

  /// The same of all customers, in no order. Customers and contacts whose texts `may_match` denies are passed over: it
  /// gets them as one text, with a line feed behind each and between a contact's first and last name, and is called by
  /// several threads at once. `visit` is called by one after the other.
  virtual void find_search_texts(const std::function<bool(std::string_view)>& may_match,
                                 const std::function<void(const SearchText&)>& visit) = 0;

  /// With `customer`, only that customer's. In the order of their ids; empty if there is none.
  virtual std::vector<ContactId> find_contacts(const ContactSelector& selector, std::optional<CustomerId> customer) = 0;

  /// Absent if there is no such contact. `now` decides whether a link has expired.
  virtual std::optional<ContactOverview> contact(ContactId id, Time now) = 0;

  /// Calls `visit` with each contact of the customers that the filter selects, in the order of customer numbers and
  /// ids.
  virtual void each_contact(const CustomerFilter& filter, Time now,
                            const std::function<void(const ContactOverview&)>& visit) = 0;

  /// Names that are taken, in their order (operations: newest first), each once, about `limit`; of too many the first
  /// ones and the last one of all, so that what they have in common is what all of them have. Archived customers too.
  /// Takes a few milliseconds however much is kept.
  virtual std::vector<KnownName> find_names(const NameQuery& query) = 0;

  /// In the order they were made.
  virtual std::vector<Module> modules() = 0;

  /// Calls `visit` with the operations of the filter, newest first, at most `limit`.
  virtual void each_operation(const OperationFilter& filter, std::optional<std::int64_t> limit,
                              const std::function<void(const OperationEntry&)>& visit) = 0;

  /// Absent if there is none.
  virtual std::optional<OperationEntry> operation(OperationId id) = 0;

  /// The actor's newest operation that is no undo and is not undone; with `before`, of those before it. Absent if there
  /// is none.
  virtual std::optional<OperationId> undoable_operation(const std::string& actor,
                                                        std::optional<OperationId> before) = 0;

  /// Calls `visit` with what became of each record by an operation: customers first, then contacts, modules and mails.
  virtual void each_change(OperationId id, const std::function<void(const RecordChange&)>& visit) = 0;

  /// The customers that once had this number and are deleted; the latest first.
  virtual std::vector<CustomerId> find_deleted_customers(const CustomerNumber& number) = 0;

  /// Calls `visit` with everything that is held on the person with this address (GDPR, article 15).
  virtual void each_person_record(const EmailAddress& email, const std::function<void(const PersonRecord&)>& visit) = 0;

  /// How the address of an erased person is known again. Without it no address is refused.
  virtual void know_erased(AddressHasher hasher) = 0;

  /// How many persons were erased.
  virtual std::int64_t erased_count() = 0;

  /// Addresses of erased persons that have come back, as with a backup.
  virtual std::vector<std::string> returned_addresses() = 0;

  /// The mails of a contact, newest first.
  virtual std::vector<Welcome> welcomes_of(ContactId contact, Time now) = 0;

  /// Calls `visit` with the logins of the filter, newest first, at most `limit`.
  virtual void each_login(const LoginFilter& filter, std::optional<std::int64_t> limit,
                          const std::function<void(const Login&)>& visit) = 0;

  /// Begins what the portal tells or redeems. Waits for other writers, 60 s at most.
  virtual std::unique_ptr<PortalChange> begin_portal_change() = 0;

  /// Absent if there is no such mail. With the effective state (`used`, `expired`) at `now`.
  virtual std::optional<Welcome> welcome(WelcomeId id, Time now) = 0;

  /// Every try at a mail, oldest first.
  virtual std::vector<WelcomeTry> tries_of(WelcomeId id) = 0;

  /// An empty stage for an import. One at a time; it must end before the store does.
  virtual std::unique_ptr<ImportStage> open_import_stage(Time at) = 0;

  /// Begins a change. Waits for other writers, 60 s at most.
  virtual std::unique_ptr<Operation> begin_operation(const OperationContext& context, OperationMode mode) = 0;

  /// The queue that a delivery run works off. Only the holder of the lease may claim from it.
  virtual WelcomeQueue& welcome_queue() = 0;

  /// The right to deliver, held by one process at a time and freed by its death. Absent if another holds it still after
  /// `wait`.
  virtual std::unique_ptr<DeliveryLease> try_delivery_lease(std::chrono::seconds wait) = 0;

  /// How long the lease's holder has made no progress. Absent if that cannot be told.
  virtual std::optional<std::chrono::seconds> delivery_idle() = 0;
};

/// Freed on destruction.
class DeliveryLease {
 public:
  virtual ~DeliveryLease() = default;

  /// Lets others see that the holder makes progress.
  virtual void touch() noexcept = 0;
};

}  // namespace kundehub
