#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/operation.hpp"
#include "core/model/overview.hpp"
#include "core/store/store.hpp"
#include "core/welcome/login_link.hpp"

namespace kundehub {

/// A token that somebody has shown the portal.
struct RedeemRequest {
  std::string token;
  std::string ip{};  ///< the person's, as the portal tells it (see parse_ip_address); may be empty
  Time at{};
};

/// Why a token lets nobody in.
enum class RedeemRefusal {
  unknown,            ///< no link has it
  used,               ///< its link was used before
  expired,            ///< its link was valid too long ago
  revoked,            ///< access was taken away since
  rotated,            ///< a later mail carries another link
  email_changed,      ///< its mail went to an earlier address of the contact
  archived,           ///< the customer was archived since
  not_sent,           ///< its mail has not left yet, or came back
  no_access,          ///< a HUB switch is off
  too_many_attempts,  ///< too many unknown tokens came from the same network in this minute
};

/// `unknown`, …: stable, for the portal's program.
std::string_view to_string(RedeemRefusal refusal);

/// Whom a token lets in, or why nobody.
struct RedeemAnswer {
  std::optional<ContactOverview> contact{};
  bool is_impersonation = false;  ///< it is an admin who wants to see what the contact sees
  std::optional<RedeemRefusal> refusal{};
  std::string text{};  ///< in words: "the login link was used on …"
  std::optional<std::chrono::seconds> retry_after{};
  std::string trouble{};  ///< what went wrong behind it (see PortalChange::commit); empty if nothing did
};

/// How many unknown tokens of one network (see network_of) are answered in a minute (OWASP ASVS 4.0, 2.2.1).
constexpr int most_unknown_tokens = 20;

/// Uses the link of a token, once: it is marked, and the login recorded, in one step. A token is looked up by its hash
/// and compared with what the key makes of the link in constant time. An expired link ends for good, so that a clock
/// that is set back revives none. In a dry run nothing is used and nothing counted. Throws as Store.
RedeemAnswer redeem(Store& store, const LinkKey& key, const RedeemRequest& request, OperationMode mode);

}  // namespace kundehub
