#include "core/welcome/redeem.hpp"

#include <array>

#include <fmt/format.h>

#include "core/model/access.hpp"
#include "core/model/ip_address.hpp"
#include "core/store/redemption.hpp"

namespace kundehub {
namespace {

RedeemAnswer refused(RedeemRefusal why, std::string text) {
  return {.refusal = why, .text = std::move(text)};
}

RedeemAnswer refused_for_now(Time at) {
  RedeemAnswer answer = refused(RedeemRefusal::too_many_attempts, "too many unknown links were tried from there");
  answer.retry_after = std::chrono::ceil<std::chrono::minutes>(at + std::chrono::seconds(1)) - at;
  return answer;
}

std::string token_of(const LinkKey& key, const IssuedLink& issued) {
  const LoginLink& link = issued.link;
  return issued.purpose == LinkPurpose::login ? key.token(link.contact, link.generation, link.nonce)
                                              : key.open_token(link.contact, link.nonce);
}

RedeemAnswer refused_by_end(LinkEnd end) {
  switch (end) {
    case LinkEnd::revoked:
      return refused(RedeemRefusal::revoked, "access was revoked since the link was sent");
    case LinkEnd::email_changed:
      return refused(RedeemRefusal::email_changed, "the link went to an earlier address of the contact");
    case LinkEnd::rotated:
      return refused(RedeemRefusal::rotated, "a later welcome mail carries another link");
    case LinkEnd::expired:
      return refused(RedeemRefusal::expired, "the login link has expired");
    case LinkEnd::archived:
      break;
  }
  return refused(RedeemRefusal::archived, "the customer was archived since the link was sent");
}

/// Absent if the link itself may be used.
std::optional<RedeemAnswer> refused_by_link(const IssuedLink& issued, Time at) {
  if (issued.used_at)
    return refused(RedeemRefusal::used, fmt::format("the link was used on {}", format_local(*issued.used_at)));
  if (issued.ended_by) return refused_by_end(*issued.ended_by);
  const auto& valid_until = issued.link.valid_until;
  if (!valid_until) return refused(RedeemRefusal::not_sent, "the login link has not gone out, or its mail came back");
  if (*valid_until <= at)
    return refused(RedeemRefusal::expired, fmt::format("the link expired on {}", format_local(*valid_until)));
  return std::nullopt;
}

/// Absent if the contact may come in by the link (R5). An admin sees the HUB of who has no way in yet, too.
std::optional<RedeemAnswer> refused_by_contact(const IssuedLink& issued, const ContactOverview& contact, Time at) {
  for (const AccessLink& link : access_chain(contact, at)) {
    const bool concerns_admins = link.condition != AccessCondition::email && link.condition != AccessCondition::way_in;
    if (link.holds || (issued.purpose == LinkPurpose::open && !concerns_admins)) continue;
    return refused(link.condition == AccessCondition::not_archived ? RedeemRefusal::archived : RedeemRefusal::no_access,
                   link.text);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(RedeemRefusal refusal) {
  constexpr std::array<std::string_view, 10> names{
      "unknown",       "used",     "expired",  "revoked",   "rotated",
      "email_changed", "archived", "not_sent", "no_access", "too_many_attempts"};
  return names.at(static_cast<std::size_t>(refusal));
}

RedeemAnswer redeem(Store& store, const LinkKey& key, const RedeemRequest& request, OperationMode mode) {
  const Time at = request.at;
  const std::string source = network_of(request.ip);
  const auto redemption = store.begin_redemption();
  const auto finish = [&](RedeemAnswer answer) {
    if (mode == OperationMode::keep) redemption->commit();
    return answer;
  };
  if (redemption->failures(source, at) >= most_unknown_tokens) return refused_for_now(at);

  const auto issued = redemption->find(token_hash(request.token));
  if (!issued || !is_same_token(token_of(key, *issued), request.token)) {
    redemption->count_failure(source, at);
    return finish(refused(RedeemRefusal::unknown, "no link has this token"));
  }
  if (auto answer = refused_by_link(*issued, at)) {
    if (answer->refusal == RedeemRefusal::expired) redemption->expire(*issued, at);
    return finish(*std::move(answer));
  }
  const ContactOverview contact = *store.contact(issued->link.contact, at);
  if (auto answer = refused_by_contact(*issued, contact, at)) return *std::move(answer);

  const bool is_impersonation = issued->purpose == LinkPurpose::open;
  redemption->use(*issued, {.contact = issued->link.contact,
                            .at = at,
                            .method = is_impersonation ? LoginMethod::open : LoginMethod::link,
                            .ip = request.ip});
  return finish({.contact = contact, .is_impersonation = is_impersonation, .text = "the link has been used now"});
}

}  // namespace kundehub
