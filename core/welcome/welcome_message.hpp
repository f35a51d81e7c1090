#pragma once

#include <string>

#include "core/config.hpp"
#include "core/mail/message.hpp"
#include "core/model/overview.hpp"
#include "core/welcome/welcome_templates.hpp"

namespace kundehub {

/// What goes into one welcome mail.
struct WelcomeLetter {
  const ContactOverview& contact;
  Language language = Language::da;
  std::string message_id;
  std::string message{};  ///< the admin's personal line
  std::string link;
  Time link_expires_at{};
  Time date{};
};

/// The mail as it reads. The address is the contact's present one.
mail::Message write_welcome(const Config& config, const WelcomeTemplates& templates, const WelcomeLetter& letter);

/// The admin's personal line as mails hold it, at most 2,000 characters in any number of lines. Throws Error{bad_data}
/// for what has no place in a mail.
std::string parse_personal_message(std::string_view text);

/// Throws Error{config} with the command that mends it if `hub.url`, `mail.transport` or `mail.from` is missing:
/// without them no mail can be sent.
void check_mail_settings(const Config& config);

/// `mail.from` as a mail has it.
mail::Mailbox sender_mailbox(const Config& config);

/// The domain of `mail.from`, for Message-IDs.
std::string mail_domain(const Config& config);

}  // namespace kundehub
