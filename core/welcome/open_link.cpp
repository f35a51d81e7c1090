#include "core/welcome/open_link.hpp"

#include <fmt/format.h>

#include "core/model/access.hpp"
#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub {

OpenLink make_open_link(Operation& operation, const ContactOverview& contact, const LinkKey& key) {
  if (const auto obstacle = open_obstacle(contact)) {
    throw Error(ErrorKind::conflict, tr("{} has no access to the HUB: {}", describe(contact), obstacle->text),
                obstacle->remedy);
  }
  LoginLink link{.contact = contact.contact.id,
                 .address = {},
                 .nonce = random_nonce(),
                 .valid_until = operation.at() + open_link_ttl};
  OpenLink made{.token = key.open_token(link.contact, link.nonce), .expires_at = *link.valid_until};
  link.token_hash = token_hash(made.token);
  operation.add_open_link(link);
  return made;
}

}  // namespace kundehub
