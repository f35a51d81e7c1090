#include "core/welcome/redeem.hpp"

#include <array>

#include <fmt/format.h>

#include "core/model/access.hpp"
#include "core/model/ip_address.hpp"
#include "core/store/portal_change.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

RedeemAnswer refused(RedeemRefusal why, std::string text) {
  return {.refusal = why, .text = std::move(text)};
}

RedeemAnswer refused_for_now(Time at) {
  RedeemAnswer answer = refused(RedeemRefusal::too_many_attempts, tr("too many unknown links were tried from there"));
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
      return refused(RedeemRefusal::revoked, tr("access was revoked since the link was sent"));
    case LinkEnd::email_changed:
      return refused(RedeemRefusal::email_changed, tr("the link went to an earlier address of the contact"));
    case LinkEnd::rotated:
      return refused(RedeemRefusal::rotated, tr("a later welcome mail carries another link"));
    case LinkEnd::expired:
      return refused(RedeemRefusal::expired, tr("the login link has expired"));
    case LinkEnd::archived:
      break;
  }
  return refused(RedeemRefusal::archived, tr("the customer was archived since the link was sent"));
}

/// Absent if the link itself may be used.
std::optional<RedeemAnswer> refused_by_link(const IssuedLink& issued, Time at) {
  if (issued.used_at) return refused(RedeemRefusal::used, tr("the link was used on {}", format_local(*issued.used_at)));
  if (issued.ended_by) return refused_by_end(*issued.ended_by);
  const auto& valid_until = issued.link.valid_until;
  if (!valid_until)
    return refused(RedeemRefusal::not_sent, tr("the login link has not gone out, or its mail came back"));
  if (*valid_until <= at)
    return refused(RedeemRefusal::expired, tr("the link expired on {}", format_local(*valid_until)));
  return std::nullopt;
}

std::optional<AccessLink> obstacle(const IssuedLink& issued, const ContactOverview& contact, Time at) {
  if (issued.purpose == LinkPurpose::open) return open_obstacle(contact);
  for (AccessLink& link : access_chain(contact, at)) {
    if (!link.holds) return std::move(link);
  }
  return std::nullopt;
}

/// Absent if the contact may come in by the link (R5).
std::optional<RedeemAnswer> refused_by_contact(const IssuedLink& issued, const ContactOverview& contact, Time at) {
  const auto found = obstacle(issued, contact, at);
  if (!found) return std::nullopt;
  return refused(found->condition == AccessCondition::not_archived ? RedeemRefusal::archived : RedeemRefusal::no_access,
                 found->text);
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
  const auto change = store.begin_portal_change();
  const auto finish = [&](RedeemAnswer answer) {
    if (mode == OperationMode::keep) answer.trouble = change->commit();
    return answer;
  };
  if (change->failures(source, at) >= most_unknown_tokens) return refused_for_now(at);

  const auto issued = change->find(token_hash(request.token));
  if (!issued || !is_same_token(token_of(key, *issued), request.token)) {
    change->count_failure(source, at);
    return finish(refused(RedeemRefusal::unknown, tr("no link has this token")));
  }
  if (auto answer = refused_by_link(*issued, at)) {
    if (answer->refusal == RedeemRefusal::expired) change->expire(*issued, at);
    return finish(*std::move(answer));
  }
  const ContactOverview contact = *store.contact(issued->link.contact, at);
  if (auto answer = refused_by_contact(*issued, contact, at)) return *std::move(answer);

  const bool is_impersonation = issued->purpose == LinkPurpose::open;
  change->use(*issued, {.contact = issued->link.contact,
                        .at = at,
                        .method = is_impersonation ? LoginMethod::open : LoginMethod::link,
                        .ip = request.ip});
  return finish({.contact = contact, .is_impersonation = is_impersonation, .text = tr("the link has been used now")});
}

}  // namespace kundehub
