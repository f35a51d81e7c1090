#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/mail/message.hpp"

namespace kundehub::mail {

/// How far the conversation with the server had come.
enum class Stage { connect, greeting, hello, tls, auth, mail_from, recipient, data, final_dot };

/// What became of one mail. The table in kundehub-delivery(7) says which reply leads where.
enum class Outcome {
  accepted,   ///< 250 after the final dot
  deferred,   ///< certainly not delivered, worth another try
  rejected,   ///< refused for good by the recipient's side, or a mail that cannot be written at all
  uncertain,  ///< the final dot may have arrived, no complete reply came back
  abandoned,  ///< `before_final_dot` said no: the server never saw the whole mail
  our_fault,  ///< greeting, EHLO, AUTH, MAIL FROM, TLS or the transport's settings: every other mail would fail alike
};

struct SendResult {
  Outcome outcome = Outcome::our_fault;
  Stage stage = Stage::connect;
  bool retry_later = false;    ///< with our_fault: a later run may succeed with the same configuration
  bool no_connection = false;  ///< with deferred: the server could not be reached at all
  int code = 0;                ///< of the complete reply that decided, 0 if none did
  std::string reply;           ///< that reply, or the local error; valid UTF-8, no controls, <= 2 KiB
};

/// How far a mail had got.
enum class Phase {
  incomplete,   ///< the final dot was never handed over: certainly not delivered
  dot_released  ///< delivered or not
};

/// Asked at least once a second while something is waited for, on the thread that sends: true if the mail is to be
/// given up as it stands. It is then abandoned or, with its dot released, uncertain. Must not throw; empty: never.
using GiveUp = std::function<bool(Phase)>;

/// Called when all of the body has been handed over and only the final dot is missing. The mail is completed only if
/// this returns true; it must have recorded, durably, that it may have been delivered. Must not throw.
using BeforeFinalDot = std::function<bool()>;

/// One connection to a transport. Not thread-safe: one for each thread.
class Mailer {
 public:
  virtual ~Mailer() = default;

  /// Never throws, and never reports `accepted` before the server, or the file system, has.
  virtual SendResult send(const Message& message, const BeforeFinalDot& before_final_dot) noexcept = 0;
};

/// Where mail goes and how. See kundehub-config(5), [mail].
struct TransportSettings {
  std::string url;  ///< `maildir:PATH`, `sendmail:PATH`, `smtp://host[:port]`, `smtps://host[:port]`
  std::string username;
  std::string password;
  bool tls_required = true;  ///< not asked of a loopback host
  std::string ca_file;
  std::chrono::seconds connect_timeout{60};
  std::chrono::seconds reply_timeout{600};
  GiveUp give_up{};
};

}  // namespace kundehub::mail
