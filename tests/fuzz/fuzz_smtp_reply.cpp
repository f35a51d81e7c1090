#include "core/mail/module/classify.hpp"
#include "core/mail/module/plain_text.hpp"
#include "tests/fuzz/property.hpp"

using namespace kundehub;
using namespace kundehub::mail;

namespace {

void check_result(const SendResult& result, const Course& course, const Conversation& conversation) {
  fuzz::require(result.reply.size() <= max_reply_bytes, "a reply is kept in 2 KiB");
  fuzz::require(line_fault(result.reply).empty(), "a reply may be shown");
  const auto& last = conversation.last_reply();
  const bool is_answered = last && last->stage == Stage::final_dot && course.answer == Answer::after_dot;
  if (course.phase == Phase::incomplete) {
    fuzz::require(result.outcome != Outcome::accepted && result.outcome != Outcome::uncertain,
                  "a mail without its final dot did not arrive");
  } else if (result.outcome == Outcome::accepted) {
    fuzz::require(is_answered && last->code == 250 && result.code == 250, "250 to the final dot alone is acceptance");
  } else if (result.outcome != Outcome::uncertain) {
    fuzz::require(is_answered && last->code / 100 >= 4, "after its final dot a mail is lost only if that was refused");
  }
}

/// Wherever the transfer may have ended.
void check_ends(const Conversation& conversation) {
  for (const CURLcode code : {CURLE_OK, CURLE_WEIRD_SERVER_REPLY, CURLE_LOGIN_DENIED, CURLE_SSL_CONNECT_ERROR}) {
    for (const Halt halt : {Halt::none, Halt::abandoned, Halt::spoke_early, Halt::endless_reply}) {
      for (const Phase phase : {Phase::incomplete, Phase::dot_released}) {
        const Answer answer = halt == Halt::spoke_early ? Answer::before_dot : Answer::after_dot;
        const Course course{code, "local", halt, phase, answer, true};
        check_result(classify(course, conversation), course, conversation);
        fuzz::require(!was_stale(course, conversation) || phase == Phase::incomplete, "what may have arrived stays");
      }
    }
  }
}

/// What the mailer tells between the lines: `>` and a letter.
void take_step(Conversation& conversation, char step) {
  if (step == 'm') conversation.begin_mail();
  if (step == 'c') conversation.begin_connection();
  if (step == 't') conversation.begin_transaction();
  if (step == 'd') conversation.end_data();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  Conversation conversation(size % 2 == 0 ? Conversation::Encryption::none : Conversation::Encryption::starttls);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    if (rest.size() > 1 && rest[0] == '>') {
      take_step(conversation, rest[1]);
    } else if (conversation.take_line(rest.substr(0, end)) == Conversation::LineResult::too_long) {
      break;
    }
    rest.remove_prefix(end);
  }
  const auto& last = conversation.last_reply();
  if (last) fuzz::require(last->code >= 0 && last->code <= 999, "a code has three digits");
  check_ends(conversation);
  return 0;
}
