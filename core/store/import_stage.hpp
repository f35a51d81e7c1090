#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/contact.hpp"
#include "core/model/customer.hpp"
#include "core/model/error.hpp"

namespace kundehub {

using StagedId = Id<struct StagedTag>;

/// Where something stands in a file that is imported.
struct RowPlace {
  std::int64_t row = 0, line = 0;
};

struct StagedContact {
  ContactData data;
  std::int64_t marks = 0;  ///< bits that the caller wants to find again with it
};

/// A customer that is to come into the store.
struct StagedCustomer {
  StagedId id{};
  RowPlace place;                        ///< its first row
  std::optional<CustomerNumber> number;  ///< absent: it gets the next free one
  CustomerData data;
  std::vector<StagedContact> contacts;  ///< a business's, or the one that a private customer is (R1)
  std::int64_t marks = 0;               ///< as a contact's; the first contact's come back with them
};

/// Why a row is not imported.
struct RowRejection {
  RowPlace place;
  ErrorKind kind = ErrorKind::bad_data;
  std::string reason;
  std::string text;                      ///< the row as it came, if that is kept
  std::string number, cvr, email_key{};  ///< what holds its customer's other rows back: where those have the same
};

/// What makes two customers one. `identity`: the number where there is one, else the CVR number of a business and the
/// address of a private person.
enum class MatchKey { identity, number, cvr, email };

enum class PrimaryMarks { keep, drop };
enum class OtherRows { stay, go_too };

/// Customers on their way into a store: they are collected in a temporary database, without keeping readers or writers
/// waiting, and enter the real one in a single step (Operation::add_staged). Gone without a trace if that does not
/// happen. Throws as Store does.
class ImportStage {
 public:
  virtual ~ImportStage() = default;

  /// The moment that what enters the store carries.
  [[nodiscard]] virtual Time at() const = 0;

  // Collecting: rows in their order.

  /// `text`: kept for a rejection that comes later; may be empty.
  virtual StagedId add(const StagedCustomer& customer, std::string_view text) = 0;

  /// Further contacts of the customer that was added last.
  virtual void add_contacts(StagedId customer, const RowPlace& place, const std::vector<StagedContact>& contacts,
                            std::string_view text) = 0;

  virtual void reject(const RowRejection& rejection) = 0;

  /// Ends collecting.
  virtual void finish_collecting() = 0;

  // Then: what stands in it twice.

  /// Calls `visit` with each pair of customers that are one by `key`, the earlier first.
  virtual void each_double(MatchKey key, const std::function<void(StagedId first, StagedId later)>& visit) = 0;

  /// Moves the contacts of `later` to `first`, and takes `later` away. `marks`: whether a contact of `later` that is
  /// marked as primary stays so beside another one.
  virtual void join(StagedId first, StagedId later, PrimaryMarks marks) = 0;

  /// Calls `visit` with each customer and address that it has twice among its contacts.
  virtual void each_double_contact(const std::function<void(StagedId, const std::string& address)>& visit) = 0;

  /// Calls `visit` with each customer that has several primary contacts.
  virtual void each_double_primary(const std::function<void(StagedId)>& visit) = 0;

  /// Calls `visit` with each customer that is by `key` the one of a rejected row, and that row.
  virtual void each_companion(MatchKey key, const std::function<void(StagedId, std::int64_t rejected_row)>& visit) = 0;

  virtual StagedCustomer customer(StagedId id) = 0;

  /// Takes a customer away with all of its rows. All of them are rejected; the reason is given with its first row.
  /// `others`: whether each_companion is to find the customer's rows that stand elsewhere.
  virtual void reject_customer(StagedId id, ErrorKind kind, const std::string& reason,
                               OtherRows others = OtherRows::stay) = 0;

  /// Ends settling: makes what the entry needs, while nobody has to wait for it.
  virtual void prepare_entry() = 0;

  // At any time after collecting.

  /// Within an operation: calls `visit` with each staged customer that has the address of an erased person, its own or
  /// a contact's, and why that is not taken.
  virtual void each_erased(const std::function<void(StagedId, const Error& why)>& visit) = 0;

  /// Within an operation: finds the staged customers that the store has already. They do not enter with add_staged any
  /// more.
  virtual void find_matches(MatchKey key) = 0;

  /// Calls `visit` with each pair of staged customers that match one of the store.
  virtual void each_double_match(const std::function<void(StagedId first, StagedId later)>& visit) = 0;

  /// Calls `visit` with each staged customer that has a match, and what it matches.
  virtual void each_match(const std::function<void(const StagedCustomer&, const std::vector<CustomerId>&)>& visit) = 0;

  /// Within an operation, for keys that are no number: calls `visit` with each staged customer that has no match and
  /// whose number another customer has.
  virtual void each_taken_number(const std::function<void(const StagedCustomer&, CustomerId)>& visit) = 0;

  /// The first customers that would enter, at most `limit`.
  virtual std::vector<StagedCustomer> sample(int limit) = 0;

  [[nodiscard]] virtual std::int64_t rejected_rows() const = 0;

  /// In the order of rows.
  virtual void each_rejection(const std::function<void(const RowRejection&)>& visit) = 0;
};

}  // namespace kundehub
