#include "core/welcome/invitation.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include "core/model/access.hpp"
#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

std::string new_message_id(const std::string& domain) {
  std::array<unsigned char, 16> random{};
  randombytes_buf(random.data(), random.size());
  std::string id = "kundehub.";
  for (const unsigned char byte : random) id += fmt::format("{:02x}", byte);
  return id + '@' + domain;
}

/// The link that the next mail carries: the live one if it may be kept, else a new generation.
std::int64_t link_for(Operation& operation, const ContactOverview& contact, LinkPolicy policy, const LinkKey& key) {
  const ContactId id = contact.contact.id;
  const auto live = operation.live_link(id);
  if (link_fate(operation, contact, policy, key) == LinkFate::kept) return live->generation;
  const bool expired = live && live->valid_until && *live->valid_until <= operation.at();
  LoginLink link{.contact = id,
                 .generation = operation.next_generation(id),
                 .address = contact.contact.data.email->text(),
                 .nonce = random_nonce(),
                 .valid_until = std::nullopt};
  link.token_hash = token_hash(key.token(id, link.generation, link.nonce));
  operation.add_link(link, expired ? LinkEnd::expired : LinkEnd::rotated);
  return link.generation;
}

/// A mail that may have arrived goes out again as it was: with other words the server could not know it for the same.
void check_not_uncertain(const ContactOverview& contact, const Welcome& pending) {
  if (pending.state != WelcomeState::uncertain) return;
  throw Error(
      ErrorKind::conflict,
      tr("the welcome mail to {} may have arrived, and would arrive twice with other words", describe(contact)),
      tr("leave out the message, or give that mail up: kundehub welcome cancel contact:{}", contact.contact.id.value));
}

void check_may_go(const ContactOverview& contact) {
  const auto refusal = welcome_refusal(contact);
  if (!refusal) return;
  throw Error(ErrorKind::conflict,
              tr("no welcome mail can go to {}, so nothing was saved: {}", describe(contact), refusal->text),
              refusal->remedy);
}

}  // namespace

LinkFate link_fate(Operation& operation, const ContactOverview& contact, LinkPolicy policy, const LinkKey& key) {
  const auto live = operation.live_link(contact.contact.id);
  const auto& email = contact.contact.data.email;
  const bool usable = live && email && EmailAddress::parse(live->address) == *email &&
                      (!live->valid_until || *live->valid_until > operation.at()) && key.has_made(*live);
  return policy == LinkPolicy::keep && usable ? LinkFate::kept : LinkFate::renewed;
}

WelcomeId invite(Operation& operation, const ContactOverview& contact, LinkPolicy policy,
                 const InvitationSettings& settings) {
  check_may_go(contact);
  const ContactId id = contact.contact.id;
  if (const auto pending = operation.pending_welcome(id)) {
    const bool says_the_same = settings.message.empty() || settings.message == pending->message;
    if (!says_the_same) check_not_uncertain(contact, *pending);
    if (says_the_same && link_fate(operation, contact, policy, settings.key) == LinkFate::kept) {
      operation.requeue_welcome(pending->id);
      return pending->id;
    }
    if (!operation.cancel_welcome(id)) {
      throw Error(ErrorKind::temporary, tr("the welcome mail to {} is just being sent", describe(contact)),
                  tr("try again in a minute"));
    }
  }
  return operation.queue_welcome({.contact = id,
                                  .address = contact.contact.data.email->text(),
                                  .message_id = new_message_id(settings.message_id_domain),
                                  .language = contact.language(),
                                  .template_hash = settings.templates.hash(contact.language()),
                                  .message = settings.message,
                                  .generation = link_for(operation, contact, policy, settings.key)});
}

}  // namespace kundehub
