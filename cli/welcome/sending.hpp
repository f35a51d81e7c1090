#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "cli/session.hpp"
#include "cli/welcome/delivery_run.hpp"
#include "core/service/customers.hpp"
#include "core/welcome/invitation.hpp"

/// What every command that sends welcome mails shares.
namespace kundehub::cli {

/// `--welcome | --no-welcome` of a command that changes something.
void add_welcome_toggle(CLI::App& app, Toggle& toggle);

/// Whether to send the welcome mail now: what the option says; else, with access and on a terminal, what the admin
/// answers (R8, R9); else no.
bool wants_welcome(Session& session, const Toggle& toggle, HubSwitch access, const std::string& question);

/// Throws Error{config} if mail cannot be sent with the present settings. Called before anything is changed.
void require_mail(Session& session);

/// Throws Error{config} if what a queued mail needs is missing: the settings, the key, sound templates.
InvitationSettings invitation_settings(Session& session, const std::string& message = {});

/// Puts a mail to each contact in the queue, with the admin's `message`, and warns of customers without modules (R6)
/// and of templates that are not the admin's own. Throws as invite.
std::vector<WelcomeId> invite_all(Operation& operation, Session& session, const std::vector<ContactOverview>& contacts,
                                  LinkPolicy policy, const std::string& message = {});

/// How many ways in contacts have that are on their way: login links that have gone out, and mails that wait.
struct Invitations {
  std::ptrdiff_t links = 0, mails = 0;

  [[nodiscard]] bool any() const { return links > 0 || mails > 0; }
  Invitations& operator+=(const Invitations& more);
  Invitations& operator-=(const Invitations& less);
};

Invitations count_invitations(const std::vector<ContactOverview>& contacts, Time now);

/// Runs `step`, and returns what it took of the customer's invitations.
Invitations lost_by(Session& session, Store& store, CustomerId customer, const std::function<void()>& step);

/// Says what a change took with it (R13). Nothing in a dry run.
void tell_of_lost_invitations(Session& session, const Invitations& lost);

/// The same of contacts, `before` and `after` it, less those that were deleted.
void tell_of_lost_invitations(Session& session, const std::vector<ContactOverview>& before,
                              const std::vector<ContactOverview>& after);

/// After an address has changed: says that the new one needs a mail, if the old one had or awaited one (R13).
void tell_of_new_address(Session& session, const ContactOverview& before, const ContactOverview& after);

/// Sends these mails now, those and no others, and tells of each. In a dry run, and for no mails, does nothing.
SendingOutcome deliver_now(Session& session, const std::vector<WelcomeId>& mails);

/// Prints what became of the mails, as `welcome status` shows them.
void print_mails(Session& session, const std::vector<WelcomeId>& mails);

/// As deliver_now for a command whose change is saved whatever becomes of its mails: 0 or 5.
ExitCode deliver_for_change(Session& session, const std::vector<WelcomeId>& mails);

}  // namespace kundehub::cli
