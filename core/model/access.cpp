#include "core/model/access.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/text/translate.hpp"

namespace kundehub {
namespace {

AccessLink archived_link(const ContactOverview& contact) {
  if (!contact.archived_at)
    return {AccessCondition::not_archived, true, std::nullopt, tr("the customer is not archived"), ""};
  return {AccessCondition::not_archived, false, contact.archived_at, tr("the customer is archived"),
          fmt::format("kundehub customer unarchive {}", contact.customer_number.text())};
}

AccessLink customer_hub_link(const ContactOverview& contact) {
  const bool on = contact.customer_hub == HubSwitch::on;
  return {AccessCondition::customer_hub, on, contact.customer_hub_changed_at,
          on ? tr("the customer's HUB switch is on") : tr("the customer's HUB switch is off"),
          on ? "" : fmt::format("kundehub hub grant {}", contact.customer_number.text())};
}

/// A private customer's two switches are one (R1), which is mended at the customer.
AccessLink contact_hub_link(const ContactOverview& contact) {
  const bool on = contact.contact.data.hub == HubSwitch::on;
  const bool mended_before = contact.customer_kind == CustomerKind::private_person;
  return {AccessCondition::contact_hub, on, contact.contact.hub_changed_at,
          on ? tr("the contact's HUB switch is on") : tr("the contact's HUB switch is off"),
          on || mended_before ? ""
                              : fmt::format("kundehub hub grant {} --contact contact:{}",
                                            contact.customer_number.text(), contact.contact.id.value)};
}

AccessLink email_link(const ContactOverview& contact) {
  const auto& email = contact.contact.data.email;
  if (email) {
    return {AccessCondition::email, true, contact.contact.email_changed_at,
            tr("the contact has an e-mail address, {}", email->text()), ""};
  }
  return {AccessCondition::email, false, std::nullopt, tr("the contact has no e-mail address"),
          fmt::format("kundehub contact edit contact:{} --email name@example.dk", contact.contact.id.value)};
}

std::string no_way_in_text(const ContactOverview& contact) {
  const WayIn& way = contact.way_in;
  if (is_pending(contact.welcome))
    return tr("no login link is out yet: the welcome mail is {}", to_string(contact.welcome));
  if (way.valid_until) return tr("the login link expired on {}", format_local(*way.valid_until));
  if (contact.welcome == WelcomeState::expired) return tr("the login link has expired");
  if (way.revoked_at) return tr("no login link is out: a revoke has ended it");
  if (contact.welcome == WelcomeState::bounced) return tr("no login link is out: the welcome mail bounced");
  if (contact.welcome == WelcomeState::failed) return tr("no login link is out: the welcome mail has failed");
  return tr("no login link is out");
}

/// A mail is sent again where its link has expired; where none is out, `send` is enough. One that waits goes by itself.
std::string way_in_remedy(const ContactOverview& contact) {
  if (is_pending(contact.welcome)) return fmt::format("kundehub welcome status contact:{}", contact.contact.id.value);
  const bool has_failed = contact.welcome == WelcomeState::bounced || contact.welcome == WelcomeState::failed;
  return fmt::format("kundehub welcome {} contact:{}", contact.way_in.valid_until || has_failed ? "resend" : "send",
                     contact.contact.id.value);
}

AccessLink way_in_link(const ContactOverview& contact, Time now) {
  const WayIn& way = contact.way_in;
  if (way.used_at)
    return {AccessCondition::way_in, true, way.used_at, tr("a login link was used under this address"), ""};
  if (way.valid_until && *way.valid_until > now) {
    return {AccessCondition::way_in, true, way.sent_at,
            contact.welcome == WelcomeState::uncertain
                ? tr("a login link may have gone out and is valid until {}", format_local(*way.valid_until))
                : tr("a login link went out and is valid until {}", format_local(*way.valid_until)),
            ""};
  }
  return {AccessCondition::way_in, false, way.valid_until ? way.valid_until : way.revoked_at, no_way_in_text(contact),
          welcome_refusal(contact) ? "" : way_in_remedy(contact)};
}

AccessLink module_link(const ContactOverview& contact, const std::string& module) {
  const auto& only = contact.contact.data.only_modules;
  if (only && std::find(only->begin(), only->end(), module) == only->end()) {
    return {AccessCondition::module, false, std::nullopt, tr("the contact is kept from the module {}", module),
            fmt::format("kundehub contact edit contact:{} --all-modules", contact.contact.id.value)};
  }
  const bool on = std::find(contact.modules.begin(), contact.modules.end(), module) != contact.modules.end();
  return {AccessCondition::module, on, std::nullopt,
          on ? tr("the module {} is on", module) : tr("the module {} is off", module),
          on ? "" : fmt::format("kundehub hub grant {} --module {}", contact.customer_number.text(), module)};
}

}  // namespace

std::string_view to_string(AccessCondition condition) {
  constexpr std::array<std::string_view, 6> names{"not_archived", "customer_hub", "contact_hub",
                                                  "email",        "way_in",       "module"};
  return names.at(static_cast<std::size_t>(condition));
}

std::string_view broken_reason(AccessCondition condition) {
  constexpr std::array<std::string_view, 6> names{"archived", "customer_hub_off", "contact_hub_off",
                                                  "no_email", "no_way_in",        "module_off"};
  return names.at(static_cast<std::size_t>(condition));
}

std::vector<AccessLink> access_chain(const ContactOverview& contact, Time now,
                                     const std::optional<std::string>& module) {
  std::vector<AccessLink> chain{archived_link(contact), customer_hub_link(contact), contact_hub_link(contact),
                                email_link(contact), way_in_link(contact, now)};
  if (module) chain.push_back(module_link(contact, *module));
  return chain;
}

bool may_log_in(const std::vector<AccessLink>& chain) {
  return std::all_of(chain.begin(), chain.end(), [](const AccessLink& link) { return link.holds; });
}

bool may_log_in(const ContactOverview& contact, Time now) {
  return may_log_in(access_chain(contact, now));
}

std::optional<AccessLink> open_obstacle(const ContactOverview& contact) {
  for (AccessLink link : {archived_link(contact), customer_hub_link(contact), contact_hub_link(contact)}) {
    if (!link.holds) return link;
  }
  return std::nullopt;
}

std::optional<WelcomeRefusal> welcome_refusal(const ContactOverview& contact) {
  for (const AccessLink& link :
       {archived_link(contact), customer_hub_link(contact), contact_hub_link(contact), email_link(contact)}) {
    if (!link.holds) return WelcomeRefusal{std::string(broken_reason(link.condition)), link.text, link.remedy};
  }
  return std::nullopt;
}

std::string describe(const ContactOverview& contact) {
  const ContactData& data = contact.contact.data;
  return fmt::format("contact:{} ({}{}{}{})", contact.contact.id.value, data.full_name(), data.email ? " <" : "",
                     data.email ? data.email->text() : "", data.email ? ">" : "");
}

}  // namespace kundehub
