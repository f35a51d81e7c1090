#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/contact.hpp"
#include "core/model/customer.hpp"
#include "core/model/module.hpp"
#include "core/model/operation.hpp"
#include "core/model/person_record.hpp"
#include "core/model/undo.hpp"
#include "core/model/welcome.hpp"

namespace kundehub {

/// A login link as the store keeps it: never the token itself.
struct LoginLink {
  ContactId contact;
  std::int64_t generation = 0;  ///< 1, 2, … for each contact
  std::string address;          ///< it lets in whom it was sent to, and no later address
  std::array<unsigned char, 16> nonce{};
  std::array<unsigned char, 32> token_hash{};
  std::optional<Time> valid_until{};  ///< absent: has not gone out yet
};

class ImportStage;

/// What entered a store in one step. The ids of each kind lie in one range, which may have gaps.
struct EnteredRecords {
  std::int64_t customers = 0, contacts = 0;
  ContactId first_contact{1}, last_contact{0};  ///< first behind last: none
};

/// Why a link stopped working.
enum class LinkEnd { revoked, email_changed, rotated, expired, archived };

/// What a mail freezes when it is put in the queue.
struct NewWelcome {
  ContactId contact;
  std::string address;
  std::string message_id;
  Language language = Language::da;
  std::string template_hash;
  std::string message;  ///< the admin's personal line; may be empty
  std::int64_t generation = 0;
};

/// `unknown`: the database cannot be read any more.
enum class Saved { yes, no, unknown };

/// One change by one command: everything in it happens, or nothing. Rolled back on destruction unless committed.
/// What each record was before is kept with the operation, for `log` and `undo`.
///
/// These are the steps; the rules that join them (R1 to R15) are in core/service.
class Operation {
 public:
  virtual ~Operation() = default;

  /// The moment that everything in the operation carries.
  [[nodiscard]] virtual Time at() const = 0;

  /// Runs `step`. What it changed is taken back if it throws, and the exception goes on.
  virtual void attempt(const std::function<void()>& step) = 0;

  /// Without a number the next free one is given. Throws Error{conflict} if the number is taken, Error{not_found} for
  /// an unknown module.
  virtual CustomerId add_customer(const CustomerData& customer, const std::optional<CustomerNumber>& number) = 0;

  /// Throws Error{not_found} for an unknown customer or module.
  virtual void change_customer(CustomerId id, const CustomerData& customer) = 0;

  /// Sets or clears when the customer was archived. Throws Error{not_found}.
  virtual void archive_customer(CustomerId id) = 0;
  virtual void unarchive_customer(CustomerId id) = 0;

  /// With its contacts, tags and links; the mails stay as a record without them. Throws Error{not_found}.
  virtual void delete_customer(CustomerId id) = 0;

  /// As delete_customer; what is told of the customer from then on is told of `into`, which also answers to its name in
  /// find_merged. Its contacts have to be moved before. Throws Error{not_found}.
  virtual void delete_merged_customer(CustomerId id, CustomerId into) = 0;

  /// A business's first is its primary one. Throws Error{conflict} if the customer has this address already (R12).
  virtual ContactId add_contact(CustomerId customer, const ContactData& contact) = 0;

  /// Throws Error{not_found} for an unknown contact, Error{conflict} as add_contact.
  virtual void change_contact(ContactId id, const ContactData& contact) = 0;

  /// Makes it a contact of another customer, where it is not the primary one; links and mails go with it. Throws
  /// Error{not_found} for an unknown contact, Error{conflict} as add_contact.
  virtual void move_contact(ContactId id, CustomerId customer) = 0;

  /// What was told of the logins of the one is told of the other from then on.
  virtual void move_logins(ContactId from, ContactId to) = 0;

  /// Its mails stay as a record without the contact; its links die. Throws Error{not_found}.
  virtual void delete_contact(ContactId id) = 0;

  /// Adds every staged customer that has no match, with its contacts; of a business's the first is primary if none is
  /// marked. Who has no number gets the next free ones, in the order of rows. Throws Error{conflict} if a module of
  /// theirs has been deleted meanwhile, or there are no more numbers.
  virtual EnteredRecords add_staged(ImportStage& stage) = 0;

  /// Takes all but the id. Throws Error{conflict} if the key is taken.
  virtual ModuleId add_module(const Module& module) = 0;

  /// Throws Error{not_found}.
  virtual void change_module(const Module& module) = 0;

  /// Switches it off for every customer, and deletes it. Throws Error{not_found}.
  virtual void delete_module(ModuleId id) = 0;

  /// The link that is neither used nor ended, expired or not. Absent if there is none.
  virtual std::optional<LoginLink> live_link(ContactId contact) = 0;

  /// The generation that the next link of a contact gets.
  virtual std::int64_t next_generation(ContactId contact) = 0;

  /// Adds a link; every older one of the contact ends.
  virtual void add_link(const LoginLink& link, LinkEnd older_end_by) = 0;

  /// Ends the contact's link, if it has one.
  virtual void end_link(ContactId contact, LinkEnd why) = 0;

  /// Calls `visit` with every link that is neither used nor ended.
  virtual void each_live_link(const std::function<void(const LoginLink&)>& visit) = 0;

  /// Adds a link for an admin to see the HUB as the contact does; `link` has no generation and no address.
  virtual void add_open_link(const LoginLink& link) = 0;

  /// Ends every link there is, admins' too.
  virtual void end_all_links(LinkEnd why) = 0;

  /// The mail of the contact that is not done with: queued, deferred, uncertain, or being sent.
  virtual std::optional<Welcome> pending_welcome(ContactId contact) = 0;

  /// Throws Error{conflict} if the contact has a mail that is not done with.
  virtual WelcomeId queue_welcome(const NewWelcome& welcome) = 0;

  /// A pending mail is due at once. Its Message-ID and link stay.
  virtual void requeue_welcome(WelcomeId id) = 0;

  /// Takes the contact's pending mail out of the queue; one that is being sent is stopped before its final dot.
  /// False if there was none, or its final dot may be out.
  virtual bool cancel_welcome(ContactId contact) = 0;

  /// Restores what was before the operation `undone` in all that it changed; what it created goes. Links never revive.
  /// What has changed since is a conflict: with ConflictPolicy::refuse nothing is done then. Throws Error{not_found},
  /// and Error{conflict} if something cannot come back whatever the policy: its number, address or key is taken, what
  /// it belongs to is gone, or a customer would break a rule (R1, R10).
  virtual UndoResult undo(OperationId undone, ConflictPolicy policy) = 0;

  /// Deletes all that is held on the person with this address, also in operations and mails, and keeps the hash of the
  /// address: from then on nothing takes the address, Error{conflict}, until forget_erasure. Cannot be undone.
  virtual PersonErasure erase_person(const EmailAddress& email, const AddressHash& hash) = 0;

  /// False if no person with this address was erased.
  virtual bool forget_erasure(const AddressHash& hash) = 0;

  /// A command's change as a part of this one: `commit` makes it part of this, and without it everything in it is taken
  /// back. One part at a time; it must end before this does.
  virtual std::unique_ptr<Operation> begin_part(const OperationContext& context, OperationMode mode) = 0;

  /// After commit has thrown: whether the change is saved all the same, since the disk failed only behind it.
  virtual Saved is_saved() noexcept = 0;

  /// Makes it durable; in a dry run takes it back. Absent if nothing was changed: no operation is kept then.
  virtual std::optional<OperationId> commit() = 0;
};

}  // namespace kundehub
