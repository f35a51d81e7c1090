#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/model/ids.hpp"

namespace kundehub {

struct LoginLink;

using Nonce = std::array<unsigned char, 16>;
using TokenHash = std::array<unsigned char, 32>;

/// The secret that login links are derived from, and its epoch. It stands in a file beside the database, never in it,
/// so that a stolen database or backup holds no usable link. Restoring a backup raises the epoch, which ends every link
/// that was out.
class LinkKey {
 public:
  /// Reads the file. Throws Error{config} with the remedy if it is missing, malformed, no regular file, or readable to
  /// others.
  static LinkKey load(const std::filesystem::path& file);

  /// Makes the file (mode 0600) with 256 random bits and epoch 1, durably. False if there is one: it is left alone.
  static bool create(const std::filesystem::path& file);

  /// HMAC-SHA256(key, "kundehub-erased-v1" ‖ address), each field length-prefixed: by this the address of an erased
  /// person is known again, whatever the epoch.
  [[nodiscard]] std::array<unsigned char, 32> address_hash(const std::string& email_key) const;

  /// Replaces the file (mode 0600) in one step, durably. Throws Error{no_output}, Error{permission}.
  void save(const std::filesystem::path& file) const;

  /// The same secret with which no link works that was made before.
  [[nodiscard]] LinkKey with_next_epoch() const;

  /// This key for a database whose key has been `present`: of one secret the later epoch counts, so that an old copy of
  /// the key revives no link.
  [[nodiscard]] LinkKey in_place_of(const LinkKey& present) const;

  /// True if it is the same secret, whatever the epoch.
  [[nodiscard]] bool is_same_secret(const LinkKey& other) const { return m_key == other.m_key; }

  /// True if this key has made the link.
  [[nodiscard]] bool has_made(const LoginLink& link) const;

  /// 256 random bits that no file holds, for tests.
  static LinkKey generate();

  /// The token of a link for an admin, as `token` but with "kundehub-open-v1" and without a generation.
  [[nodiscard]] std::string open_token(ContactId contact, const Nonce& nonce) const;

  /// The token of one link: 43 characters of base64url,
  /// HMAC-SHA256(key, "kundehub-welcome-v1" ‖ epoch ‖ contact ‖ generation ‖ nonce), each field length-prefixed (RFC
  /// 2104, RFC 4648 section 5).
  [[nodiscard]] std::string token(ContactId contact, std::int64_t generation, const Nonce& nonce) const;

 private:
  /// HMAC-SHA256 of the message.
  [[nodiscard]] std::array<unsigned char, 32> mac(const std::string& message) const;
  /// As the file has it.
  [[nodiscard]] std::string content() const;

  std::array<unsigned char, 32> m_key{};
  std::uint64_t m_epoch = 1;
};

/// SHA-256 of a token: all that the database knows of it.
TokenHash token_hash(const std::string& token);

/// 128 random bits.
Nonce random_nonce();

/// `text` with asterisks for each token that stands in it as part of a link.
std::string without_tokens(std::string text);

/// Compares in a time that does not tell where they differ.
bool is_same_token(const std::string& a, const std::string& b);

/// `<hub_url>/welcome?token=…`.
std::string login_url(const std::string& hub_url, const std::string& token);

/// `<hub_url>/open?token=…`.
std::string open_url(const std::string& hub_url, const std::string& token);

}  // namespace kundehub
