#pragma once

#include <string>

#include <curl/curl.h>

#include "core/mail/mailer.hpp"
#include "core/mail/module/conversation.hpp"

namespace kundehub::mail {

/// Why we ended a transfer ourselves.
enum class Halt {
  none,
  abandoned,      ///< `before_final_dot` said no
  spoke_early,    ///< the server answered before it was asked: no later answer could be told from it
  not_logged_in,  ///< there is a user name, and the server let us pass without it
  endless_reply,
  given_up,  ///< `give_up` said so
};

/// Whether the server had sent anything after the final dot was handed over.
enum class Answer { after_dot, before_dot };

/// All that is known when a transfer has ended.
struct Course {
  CURLcode code = CURLE_OK;
  std::string local_error{};  ///< libcurl's words
  Halt halt = Halt::none;
  Phase phase = Phase::incomplete;
  Answer answer = Answer::after_dot;
  bool connected = false;  ///< TCP
};

/// The table of kundehub-delivery(7): by the stage and the last complete reply, never by libcurl's code alone.
SendResult classify(const Course& course, const Conversation& conversation);

/// True if the kept connection had died, or the server ended it with 421 (RFC 5321, section 3.8), before it heard of
/// this mail: a new connection may be tried at once.
bool was_stale(const Course& course, const Conversation& conversation);

}  // namespace kundehub::mail
