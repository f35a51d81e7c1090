#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/store/redemption.hpp"
#include "core/store/sqlite/connection.hpp"

/// The tables of login links, and of links for admins. Functions run inside the caller's transaction.
namespace kundehub::sqlite {

/// SQL: until when the link `link` (a row of login_link) works, by the mails that carry it: NULL if none is out.
extern const char* const link_valid_until;

std::optional<LoginLink> select_live_link(Connection& database, ContactId contact);

std::int64_t next_generation(Connection& database, ContactId contact);

void insert_link(Connection& database, const LoginLink& link, Time now);

/// Ends the contact's live link. False if it has none.
bool end_link(Connection& database, ContactId contact, LinkEnd why, Time now);

/// In the order of their ids.
std::vector<ContactId> contacts_with_live_link(Connection& database);

/// Returns how many there were. Links for admins are deleted.
int end_all_links(Connection& database, LinkEnd why, Time now);

void insert_open_link(Connection& database, const LoginLink& link, OperationId operation);

/// Absent if no link has this token.
std::optional<IssuedLink> select_login_link(Connection& database, const std::array<unsigned char, 32>& token_hash);
std::optional<IssuedLink> select_open_link(Connection& database, const std::array<unsigned char, 32>& token_hash);

void use_link(Connection& database, const IssuedLink& link, Time at);

}  // namespace kundehub::sqlite
