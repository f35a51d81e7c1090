#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/store/portal_change.hpp"
#include "core/store/sqlite/connection.hpp"

/// The tables of login links, and of links for admins. Functions run inside the caller's transaction.
namespace kundehub::sqlite {

/// SQL: until when the link `link` (a row of login_link) works, by the mails that carry it: NULL if none is out.
extern const char* const link_valid_until;

std::optional<LoginLink> select_live_link(Connection& database, ContactId contact);

std::int64_t next_generation(Connection& database, ContactId contact);

void insert_link(Connection& database, const LoginLink& link, Time now);

/// Ends the contact's live link, and where it loses more than that link, those for admins. False if it has none.
bool end_link(Connection& database, ContactId contact, LinkEnd why, Time now);

/// In the order of their ids.
std::vector<ContactId> contacts_with_live_link(Connection& database);

/// Returns how many there were. Links for admins end too.
int end_all_links(Connection& database, LinkEnd why, Time now);

void insert_open_link(Connection& database, const LoginLink& link, OperationId operation);

/// Absent if no link has this token.
std::optional<IssuedLink> select_login_link(Connection& database, const std::array<unsigned char, 32>& token_hash);
std::optional<IssuedLink> select_open_link(Connection& database, const std::array<unsigned char, 32>& token_hash);

/// Throws Error{conflict} if it has been used or has ended.
void use_link(Connection& database, const IssuedLink& link, Time at);

/// One that a waiting mail carries stays: it is renewed before the mail goes.
void expire_link(Connection& database, const IssuedLink& link, Time at);

/// Ends the links with which admins were to see the HUB as the contact does.
void end_open_links(Connection& database, ContactId contact, Time now);

}  // namespace kundehub::sqlite
