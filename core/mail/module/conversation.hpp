#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/mail/mailer.hpp"

namespace kundehub::mail {

/// One complete reply (RFC 5321, section 4.2.1): its last line had a space after the code.
struct Reply {
  Stage stage;       ///< of the question it answers
  int code;          ///< 0 if the lines of one reply disagree
  std::string text;  ///< raw, its lines joined by ` / `
};

/// What the server has said, and to which question. libcurl tells the last code only, even if it is an older
/// question's: so the replies are read here, line by line, in the order in which libcurl asks.
class Conversation {
 public:
  enum class Encryption { none, starttls, implicit };
  enum class LineResult { taken, too_long };

  explicit Conversation(Encryption encryption) : m_encryption(encryption) {}

  /// Before each mail: forgets the replies of the one before, not what is known of the connection.
  void begin_mail() noexcept;
  /// A new socket: nothing has been said on it.
  void begin_connection() noexcept;
  /// The connection is ready for MAIL FROM.
  void begin_transaction() noexcept;
  /// The final dot goes out next.
  void end_data() noexcept;

  /// One line as it came. Lines that are no reply are skipped, as libcurl does. `too_long` when one reply passes 64
  /// KiB: it may never end.
  LineResult take_line(std::string_view line);

  [[nodiscard]] Stage awaiting() const noexcept { return m_awaiting; }                      ///< whose answer comes next
  [[nodiscard]] const std::optional<Reply>& last_reply() const noexcept { return m_last; }  ///< to this mail
  /// The last reply ended this mail: any to MAIL FROM, RCPT TO or DATA but the one that was hoped for, or an answer to
  /// the final dot. What comes after it, such as the answer to QUIT, is skipped.
  [[nodiscard]] bool is_over() const noexcept { return m_over; }
  [[nodiscard]] bool opened_connection() const noexcept { return m_opened; }  ///< for this mail
  [[nodiscard]] bool authenticated() const noexcept { return m_authenticated; }
  [[nodiscard]] bool offers_auth() const noexcept { return m_offers_auth; }
  [[nodiscard]] std::uint64_t bytes_in_transaction() const noexcept { return m_transaction_bytes; }  ///< of replies

 private:
  void complete(int code);
  void advance(int code) noexcept;

  Encryption m_encryption;
  Stage m_awaiting = Stage::connect;
  std::optional<Reply> m_last;
  std::string m_text;         // of the reply that is coming in
  std::optional<int> m_code;  // of its first line
  std::size_t m_reply_bytes = 0;
  std::uint64_t m_transaction_bytes = 0;
  bool m_opened = false;
  bool m_over = false;
  bool m_tls_asked = false;
  bool m_authenticated = false;
  bool m_offers_auth = false;
};

}  // namespace kundehub::mail
