#include "core/mail/module/classify.hpp"

#include <optional>
#include <string_view>

#include <fmt/core.h>

#include "core/mail/module/plain_text.hpp"

namespace kundehub::mail {
namespace {

std::string_view name_of(Stage stage) {
  switch (stage) {
    case Stage::connect:
      return "the connection";
    case Stage::greeting:
      return "the greeting";
    case Stage::hello:
      return "EHLO";
    case Stage::tls:
      return "TLS";
    case Stage::auth:
      return "AUTH";
    case Stage::mail_from:
      return "MAIL FROM";
    case Stage::recipient:
      return "RCPT TO";
    case Stage::data:
      return "DATA";
    case Stage::final_dot:
      return "the final dot";
  }
  return "?";
}

SendResult from_reply(Outcome outcome, const Reply& reply) {
  return {.outcome = outcome,
          .stage = reply.stage,
          .code = reply.code,
          .reply = printable(fmt::format("{:03} {}", reply.code, reply.text))};
}

SendResult from_text(Outcome outcome, Stage stage, std::string_view text) {
  return {.outcome = outcome, .stage = stage, .reply = printable(text)};
}

/// A full mailbox (x.2.2) may be emptied and a policy (x.7.x) be satisfied later (RFC 3463): the recipient is not gone.
bool may_pass(std::string_view text) {
  if (!text.starts_with("5.")) return false;
  text.remove_prefix(2);
  if (text.starts_with("7.")) return true;
  return text.starts_with("2.2") && (text.size() == 3 || text[3] < '0' || text[3] > '9');
}

/// Refusals that concern this mail only: the rest would meet every other mail too. 500 to 504 to DATA mean that the two
/// sides have lost each other's place (RFC 5321, section 4.2.2).
bool concerns_this_mail(const Reply& reply) {
  if (reply.stage == Stage::data) return reply.code > 504;
  return reply.stage == Stage::recipient || reply.stage == Stage::final_dot;
}

SendResult from_refusal(const Reply& reply) {
  if (reply.code < 500) return from_reply(Outcome::deferred, reply);
  if (!concerns_this_mail(reply)) return from_reply(Outcome::our_fault, reply);
  return from_reply(may_pass(reply.text) ? Outcome::deferred : Outcome::rejected, reply);
}

bool is_refusal(const Reply& reply) {
  return reply.code >= 400 && reply.code < 600;
}

/// After the final dot: only an answer to it tells what became of the mail.
SendResult after_dot(const Course& course, const std::optional<Reply>& reply) {
  const bool answered = reply && reply->stage == Stage::final_dot && course.answer == Answer::after_dot;
  if (answered && is_refusal(*reply)) return from_refusal(*reply);
  if (answered && reply->code == 250 && course.code == CURLE_OK) return from_reply(Outcome::accepted, *reply);
  const std::string_view why = course.answer == Answer::before_dot  ? "the server answered before it was asked"
                               : course.halt == Halt::endless_reply ? "the reply did not end"
                               : course.halt == Halt::given_up      ? "interrupted while waiting for it"
                               : answered                           ? "the reply is none that SMTP knows"
                                                                    : std::string_view(course.local_error);
  return from_text(Outcome::uncertain, Stage::final_dot, fmt::format("no answer to the final dot: {}", why));
}

/// Trouble with TLS itself, the same at every try; a connection that broke during the handshake is none.
bool is_tls_trouble(const Course& course) {
  switch (course.code) {
    case CURLE_SSL_CONNECT_ERROR: {
      const std::string_view error = course.local_error;
      constexpr auto absent = std::string_view::npos;
      return error.find("SSL_ERROR_SYSCALL") == absent && error.find("unexpected eof") == absent &&
             error.find("Connection reset") == absent;
    }
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_USE_SSL_FAILED:
      return true;
    default:
      return false;
  }
}

/// A reply that is neither refusal nor what the question asks for: the two sides have lost each other's place.
bool is_out_of_place(const Reply& reply) {
  return reply.stage == Stage::data ? reply.code != 354 : reply.stage != Stage::auth;
}

/// What no server has a part in.
bool is_local_trouble(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_NOT_BUILT_IN:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_UNKNOWN_OPTION:
    case CURLE_FAILED_INIT:
      return true;
    default:
      return false;
  }
}

SendResult from_halt(const Course& course, const Conversation& conversation) {
  switch (course.halt) {
    case Halt::abandoned:
      return from_text(Outcome::abandoned, Stage::data, "stopped before the mail was complete");
    case Halt::given_up:
      return from_text(Outcome::abandoned, conversation.awaiting(), "interrupted before the mail was complete");
    case Halt::spoke_early:
      return from_text(Outcome::deferred, Stage::data, "the server answered before the mail was complete");
    case Halt::not_logged_in:
      return from_text(Outcome::our_fault, Stage::auth,
                       conversation.offers_auth() ? "the server let us pass without checking the user name"
                                                  : "a user name is configured, but the server offers no AUTH");
    default:
      return from_text(Outcome::deferred, conversation.awaiting(),
                       fmt::format("the reply to {} did not end", name_of(conversation.awaiting())));
  }
}

/// libcurl tells of a closed connection by the number of an error that was not one.
std::string describe(const Course& course) {
  const bool closed = course.code == CURLE_RECV_ERROR || course.code == CURLE_GOT_NOTHING;
  return closed ? "the connection was lost, or the reply is none that SMTP knows" : course.local_error;
}

/// The transfer broke without a refusal.
SendResult from_error(const Course& course, const Conversation& conversation) {
  const Stage stage = conversation.awaiting();
  if (stage == Stage::connect || (stage == Stage::greeting && !course.connected)) {
    SendResult result = from_text(Outcome::deferred, Stage::connect, course.local_error);
    result.no_connection = true;
    return result;
  }
  if (course.code == CURLE_LOGIN_DENIED) return from_text(Outcome::our_fault, Stage::auth, course.local_error);
  SendResult result = from_text(Outcome::deferred, stage, fmt::format("at {}: {}", name_of(stage), describe(course)));
  result.no_connection = stage == Stage::greeting;  // who takes connections and does not speak is no server either
  return result;
}

}  // namespace

SendResult classify(const Course& course, const Conversation& conversation) {
  const std::optional<Reply>& reply = conversation.last_reply();
  if (course.phase == Phase::dot_released) return after_dot(course, reply);
  if (course.halt != Halt::none) return from_halt(course, conversation);
  // A reply decides only if nothing was asked after it: only the one that was hoped for advances the conversation.
  const bool decides = reply && reply->stage == conversation.awaiting();
  if (decides && is_refusal(*reply)) return from_refusal(*reply);
  if (decides && is_out_of_place(*reply)) return from_reply(Outcome::deferred, *reply);
  if (is_tls_trouble(course)) return from_text(Outcome::our_fault, Stage::tls, course.local_error);
  if (is_local_trouble(course.code)) return from_text(Outcome::our_fault, Stage::connect, course.local_error);
  if (course.code == CURLE_OUT_OF_MEMORY) {
    SendResult result = from_text(Outcome::our_fault, conversation.awaiting(), course.local_error);
    result.retry_later = true;
    return result;
  }
  return from_error(course, conversation);
}

bool was_stale(const Course& course, const Conversation& conversation) {
  if (conversation.opened_connection() || course.phase == Phase::dot_released || course.halt != Halt::none)
    return false;
  if (course.code == CURLE_OK || conversation.awaiting() != Stage::mail_from) return false;
  const std::optional<Reply>& reply = conversation.last_reply();
  return !reply || (reply->stage == Stage::mail_from && reply->code == 421);
}

}  // namespace kundehub::mail
