#pragma once

#include <chrono>
#include <string>

#include "core/mail/mailer.hpp"
#include "core/mail/module/compose.hpp"

namespace kundehub::mail {

/// Hands mail over to a program with sendmail's interface (Postfix, msmtp, OpenSMTPD): `PATH -i -f SENDER --
/// RECIPIENT`, without a shell. Its input is the whole mail in a sealed file in memory, never a pipe: whoever killed
/// the writer of a pipe half-way would have the torso delivered.
///
/// The program's exit status tells the outcome (sysexits.h): 0 accepted; 65, 67, 68, 69 rejected; 64, 66, 77, 78, and
/// 126 and 127 of a wrapper, our fault; any other deferred. Killed by a signal, or not done within `reply_timeout`:
/// uncertain. What it printed is the reply.
class SendmailMailer final : public Mailer {
 public:
  SendmailMailer(std::string path, const TransportSettings& settings)
      : m_path(std::move(path)), m_timeout(settings.reply_timeout), m_give_up(settings.give_up) {}

  SendResult send(const Message& message, const BeforeFinalDot& before_final_dot) noexcept override;

 private:
  SendResult deliver(const Message& message, const BeforeFinalDot& before_final_dot) const;
  [[nodiscard]] SendResult run(const WireMail& mail, int input, int output) const;
  [[nodiscard]] bool ends_in_time(int process) const;

  std::string m_path;
  std::chrono::seconds m_timeout;
  GiveUp m_give_up;
};

}  // namespace kundehub::mail
