#include "core/store/sqlite/link_rows.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {

// A mail that may have reached the person counts, one that bounced does not.
const char* const link_valid_until = R"sql(
  (SELECT max(CASE WHEN carrier.phase = 2 THEN max(ifnull(carrier.link_out_until, 0), carrier.link_expires_at)
              ELSE carrier.link_out_until END)
   FROM welcome AS carrier
   WHERE carrier.contact_id = link.contact_id AND carrier.generation = link.generation AND carrier.state <> 'bounced')
)sql";

namespace {

constexpr const char* select_live = R"sql(
  SELECT generation, address, nonce, token_hash, {} FROM login_link AS link
  WHERE contact_id = :contact AND used_at IS NULL AND ended_at IS NULL
)sql";

constexpr const char* select_next = R"sql(
  SELECT coalesce(max(generation), 0) + 1 FROM login_link WHERE contact_id = :contact
)sql";

constexpr const char* insert_sql = R"sql(
  INSERT INTO login_link (contact_id, generation, email_key, address, nonce, token_hash, created_at)
  VALUES (:contact, :generation, :email_key, :address, :nonce, :token_hash, :now)
)sql";

constexpr const char* end_sql = R"sql(
  UPDATE login_link SET ended_at = :now, ended_by = :why
  WHERE contact_id = :contact AND used_at IS NULL AND ended_at IS NULL
)sql";

constexpr const char* end_all_sql = R"sql(
  UPDATE login_link SET ended_at = :now, ended_by = :why WHERE used_at IS NULL AND ended_at IS NULL
)sql";

constexpr const char* select_by_token = R"sql(
  SELECT contact_id, generation, address, nonce, token_hash, {}, used_at, ended_by FROM login_link AS link
  WHERE token_hash = :token_hash
)sql";

constexpr const char* select_open_by_token = R"sql(
  SELECT contact_id, 0, '', nonce, token_hash, expires_at, used_at,
    CASE WHEN ended_at >= expires_at THEN 'expired' WHEN ended_at IS NOT NULL THEN 'revoked' END
  FROM open_link WHERE token_hash = :token_hash AND contact_id IS NOT NULL
)sql";

constexpr const char* use_login_link = R"sql(
  UPDATE login_link SET used_at = :now WHERE token_hash = :token_hash AND used_at IS NULL AND ended_at IS NULL
)sql";

constexpr const char* use_open_link = R"sql(
  UPDATE open_link SET used_at = :now WHERE token_hash = :token_hash AND used_at IS NULL AND ended_at IS NULL
)sql";

constexpr const char* expire_login_link = R"sql(
  UPDATE login_link SET ended_at = :now, ended_by = 'expired'
  WHERE token_hash = :token_hash AND used_at IS NULL AND ended_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM welcome WHERE welcome.contact_id = login_link.contact_id AND welcome.generation = login_link.generation
      AND welcome.state IN ('queued', 'sending', 'deferred', 'uncertain'))
)sql";

constexpr const char* expire_open_link = R"sql(
  UPDATE open_link SET ended_at = :now WHERE token_hash = :token_hash AND used_at IS NULL
)sql";

constexpr const char* end_open_sql = R"sql(
  UPDATE open_link SET ended_at = :now WHERE contact_id = :contact AND used_at IS NULL AND ended_at IS NULL
)sql";

constexpr const char* insert_open_sql = R"sql(
  INSERT INTO open_link (operation_id, contact_id, customer_id, nonce, token_hash, expires_at)
  SELECT :operation, id, customer_id, :nonce, :token_hash, :expires FROM contact WHERE id = :contact
)sql";

constexpr std::array link_ends{"revoked", "email_changed", "rotated", "expired", "archived"};

template <std::size_t Size>
void read_bytes(const SQLite::Column& column, std::array<unsigned char, Size>& bytes) {
  std::memcpy(bytes.data(), column.getBlob(), std::min(Size, static_cast<std::size_t>(column.getBytes())));
}

const char* to_text(LinkEnd why) {
  return link_ends.at(static_cast<std::size_t>(why));
}

std::optional<LinkEnd> read_link_end(const SQLite::Column& column) {
  const std::string text = column.getString();
  const auto found = std::ranges::find(link_ends, text);
  if (found == link_ends.end()) return std::nullopt;
  return static_cast<LinkEnd>(found - link_ends.begin());
}

void bind_hash(Statement& statement, const std::array<unsigned char, 32>& token_hash) {
  statement.bind(":token_hash", token_hash.data(), static_cast<int>(token_hash.size()));
}

std::optional<IssuedLink> select_issued(Connection& database, const std::string& sql, LinkPurpose purpose,
                                        const std::array<unsigned char, 32>& token_hash) {
  Statement statement(database, sql);
  bind_hash(statement, token_hash);
  if (!statement.executeStep()) return std::nullopt;
  IssuedLink issued{.purpose = purpose,
                    .link = {.contact = ContactId{statement.getColumn(0).getInt64()},
                             .generation = statement.getColumn(1).getInt64(),
                             .address = statement.getColumn(2).getString(),
                             .valid_until = read_optional_time(statement.getColumn(5))},
                    .used_at = read_optional_time(statement.getColumn(6)),
                    .ended_by = read_link_end(statement.getColumn(7))};
  read_bytes(statement.getColumn(3), issued.link.nonce);
  read_bytes(statement.getColumn(4), issued.link.token_hash);
  return issued;
}

}  // namespace

std::optional<LoginLink> select_live_link(Connection& database, ContactId contact) {
  Statement statement(database, fmt::format(select_live, link_valid_until));
  statement.bind(":contact", contact.value);
  if (!statement.executeStep()) return std::nullopt;
  LoginLink link{.contact = contact,
                 .generation = statement.getColumn(0).getInt64(),
                 .address = statement.getColumn(1).getString(),
                 .valid_until = read_optional_time(statement.getColumn(4))};
  read_bytes(statement.getColumn(2), link.nonce);
  read_bytes(statement.getColumn(3), link.token_hash);
  return link;
}

std::int64_t next_generation(Connection& database, ContactId contact) {
  Statement statement(database, select_next);
  statement.bind(":contact", contact.value);
  statement.executeStep();
  return statement.getColumn(0).getInt64();
}

void insert_link(Connection& database, const LoginLink& link, Time now) {
  Statement statement(database, insert_sql);
  statement.bind(":contact", link.contact.value);
  statement.bind(":generation", link.generation);
  statement.bind(":email_key", EmailAddress::parse(link.address).key());
  statement.bind(":address", link.address);
  statement.bind(":nonce", link.nonce.data(), static_cast<int>(link.nonce.size()));
  statement.bind(":token_hash", link.token_hash.data(), static_cast<int>(link.token_hash.size()));
  bind_time(statement, ":now", now);
  statement.exec();
}

bool end_link(Connection& database, ContactId contact, LinkEnd why, Time now) {
  if (why != LinkEnd::rotated && why != LinkEnd::expired) end_open_links(database, contact, now);
  Statement statement(database, end_sql);
  statement.bind(":contact", contact.value);
  statement.bind(":why", to_text(why));
  bind_time(statement, ":now", now);
  return statement.exec() > 0;
}

std::vector<ContactId> contacts_with_live_link(Connection& database) {
  Statement statement(database, "SELECT contact_id FROM login_link WHERE used_at IS NULL AND ended_at IS NULL");
  std::vector<ContactId> found;
  while (statement.executeStep()) found.push_back(ContactId{statement.getColumn(0).getInt64()});
  return found;
}

int end_all_links(Connection& database, LinkEnd why, Time now) {
  Statement statement(database, end_all_sql);
  statement.bind(":why", to_text(why));
  bind_time(statement, ":now", now);
  Statement open(database, "UPDATE open_link SET ended_at = :now WHERE used_at IS NULL AND ended_at IS NULL");
  bind_time(open, ":now", now);
  open.exec();
  return statement.exec();
}

void insert_open_link(Connection& database, const LoginLink& link, OperationId operation) {
  Statement statement(database, insert_open_sql);
  statement.bind(":contact", link.contact.value);
  statement.bind(":operation", operation.value);
  statement.bind(":nonce", link.nonce.data(), static_cast<int>(link.nonce.size()));
  bind_hash(statement, link.token_hash);
  bind_time(statement, ":expires", link.valid_until);
  statement.exec();
}

std::optional<IssuedLink> select_login_link(Connection& database, const std::array<unsigned char, 32>& token_hash) {
  return select_issued(database, fmt::format(select_by_token, link_valid_until), LinkPurpose::login, token_hash);
}

std::optional<IssuedLink> select_open_link(Connection& database, const std::array<unsigned char, 32>& token_hash) {
  return select_issued(database, select_open_by_token, LinkPurpose::open, token_hash);
}

void use_link(Connection& database, const IssuedLink& link, Time at) {
  Statement statement(database, link.purpose == LinkPurpose::login ? use_login_link : use_open_link);
  bind_hash(statement, link.link.token_hash);
  bind_time(statement, ":now", at);
  if (statement.exec() != 1) throw Error(ErrorKind::conflict, tr("the link has been used or has ended meanwhile"));
}

void expire_link(Connection& database, const IssuedLink& link, Time at) {
  Statement statement(database, link.purpose == LinkPurpose::login ? expire_login_link : expire_open_link);
  bind_hash(statement, link.link.token_hash);
  bind_time(statement, ":now", at);
  statement.exec();
}

void end_open_links(Connection& database, ContactId contact, Time now) {
  Statement statement(database, end_open_sql);
  statement.bind(":contact", contact.value);
  bind_time(statement, ":now", now);
  statement.exec();
}

}  // namespace kundehub::sqlite
