#pragma once

#include <string>

#include "core/model/overview.hpp"
#include "core/store/operation.hpp"
#include "core/welcome/login_link.hpp"
#include "core/welcome/welcome_templates.hpp"

namespace kundehub {

/// Whether a mail carries the link that is out, or one that ends it.
enum class LinkPolicy { keep, rotate };

/// What every new welcome mail is made with.
struct InvitationSettings {
  const LinkKey& key;
  const WelcomeTemplates& templates;
  std::string message_id_domain;  ///< behind the @ of the Message-ID
  std::string message{};          ///< the admin's personal line
};

enum class LinkFate { kept, renewed };

/// Which link the next mail to a contact would carry. A used, ended or expired link is always renewed, and one that was
/// made with another key.
LinkFate link_fate(Operation& operation, const ContactOverview& contact, LinkPolicy policy, const LinkKey& key);

/// Puts a welcome mail to the contact in the queue. One that waits there already is made due at once, with its
/// Message-ID and link, unless `policy` wants a new link or the personal line is another. Throws Error{conflict} with
/// the remedy if the mail may not go (R6), Error{temporary} if a mail is just being sent and its link was to be
/// renewed.
WelcomeId invite(Operation& operation, const ContactOverview& contact, LinkPolicy policy,
                 const InvitationSettings& settings);

}  // namespace kundehub
