#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/model/login.hpp"
#include "core/store/operation.hpp"

namespace kundehub {

/// `login`: of a welcome mail. `open`: for an admin who wants to see the HUB as the contact does.
enum class LinkPurpose { login, open };

/// A link that was given out, as its token's hash finds it.
struct IssuedLink {
  LinkPurpose purpose = LinkPurpose::login;
  LoginLink link;  ///< of an `open` link no generation and no address
  std::optional<Time> used_at{};
  std::optional<LinkEnd> ended_by{};
};

/// What the portal tells or redeems, in one step: what it reads and what it records. Rolled back on destruction unless
/// committed. It is no change of an admin's, so it is no operation. Throws as Store does.
class PortalChange {
 public:
  virtual ~PortalChange() = default;

  /// Unknown tokens from this source in the minute of `at`.
  virtual int failures(const std::string& source, Time at) = 0;

  /// One more of them.
  virtual void count_failure(const std::string& source, Time at) = 0;

  /// Absent if no link has this token.
  virtual std::optional<IssuedLink> find(const std::array<unsigned char, 32>& token_hash) = 0;

  /// The link has been used now, and the contact has come in by it.
  virtual void use(const IssuedLink& link, const Login& login) = 0;

  /// The link has ended, whatever the clock says later; but one that a waiting mail carries is the mail's to renew.
  virtual void expire(const IssuedLink& link, Time at) = 0;

  /// Keeps a login. Throws Error{not_found} for an unknown contact.
  virtual void record_login(const Login& login) = 0;

  /// Makes it durable. Returns what went wrong behind it, as the disk may fail when the change is saved (or may be, as
  /// this says); empty if nothing did. Throws if nothing is saved.
  virtual std::string commit() = 0;
};

}  // namespace kundehub
