#pragma once

#include <array>
#include <memory>
#include <string>

#include <curl/curl.h>

#include "core/mail/mailer.hpp"
#include "core/mail/module/classify.hpp"
#include "core/mail/module/compose.hpp"
#include "core/mail/module/conversation.hpp"
#include "core/mail/module/transport_url.hpp"
#include "core/mail/probe.hpp"

namespace kundehub::mail {

/// One SMTP connection (RFC 5321), kept open between mails. The outcome is known before QUIT is said; the destructor
/// says it and does not wait for the answer. The process must ignore SIGPIPE, since libcurl leaves signals alone here.
class SmtpMailer final : public Mailer {
 public:
  /// Does not connect yet. Throws Unsendable{settings} if the settings contradict each other: a password is not sent
  /// without TLS to a host that is not loopback.
  SmtpMailer(const SmtpUrl& url, const TransportSettings& settings);
  SmtpMailer(const SmtpMailer&) = delete;
  SmtpMailer& operator=(const SmtpMailer&) = delete;
  ~SmtpMailer() override;

  SendResult send(const Message& message, const BeforeFinalDot& before_final_dot) noexcept override;

  /// Goes as far as a mail would before its MAIL FROM, and says NOOP instead, all within `limit`. For a mailer that
  /// sends nothing else.
  ProbeResult probe(std::chrono::seconds limit);

 private:
  struct Transfer;
  struct CleanUp {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  enum class ConnectionChoice { keep, fresh };

  void set_connection_options(const SmtpUrl& url, const TransportSettings& settings);
  void set_security_options(const TransportSettings& settings);
  void set_callbacks();
  SendResult deliver(const Message& message, const BeforeFinalDot& before_final_dot);
  SendResult deliver_or_explain(const Message& message, const BeforeFinalDot& before_final_dot);
  Course perform(Transfer& transfer);
  Course transfer(const WireMail& mail, const BeforeFinalDot& before_final_dot, ConnectionChoice choice);

  Conversation::Encryption m_encryption;
  bool m_logs_in;
  Conversation m_conversation;
  GiveUp m_give_up;
  curl_socket_t m_socket = CURL_SOCKET_BAD;  // of the connection, as long as it is open
  std::array<char, CURL_ERROR_SIZE> m_error{};
  std::unique_ptr<CURL, CleanUp> m_handle;  // last: its end calls back
};

}  // namespace kundehub::mail
