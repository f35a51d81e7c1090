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

/// One redemption of a token by the portal: what it reads and what it records are one step. Rolled back on destruction
/// unless committed. The portal's to tell and no change of an admin's, so it is no operation. Throws as Store does.
class Redemption {
 public:
  virtual ~Redemption() = default;

  /// Unknown tokens from this source in the minute of `at`.
  virtual int failures(const std::string& source, Time at) = 0;

  /// One more of them. Those of other minutes are forgotten.
  virtual void count_failure(const std::string& source, Time at) = 0;

  /// Absent if no link has this token.
  virtual std::optional<IssuedLink> find(const std::array<unsigned char, 32>& token_hash) = 0;

  /// The link has been used now, and the contact has come in by it.
  virtual void use(const IssuedLink& link, const Login& login) = 0;

  /// The link has ended, whatever the clock says later.
  virtual void expire(const IssuedLink& link, Time at) = 0;

  virtual void commit() = 0;
};

}  // namespace kundehub
