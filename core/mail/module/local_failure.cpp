#include "core/mail/module/local_failure.hpp"

#include <new>

#include "core/mail/module/plain_text.hpp"

namespace kundehub::mail {

SendResult from_unsendable(const Unsendable& error) {
  const bool settings = error.blame() == Blame::settings;
  return {.outcome = settings ? Outcome::our_fault : Outcome::rejected,
          .stage = settings ? Stage::mail_from : Stage::recipient,
          .reply = printable(error.what())};
}

SendResult from_unexpected() noexcept {
  // Both texts are short enough for std::string's own buffer.
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return {.outcome = Outcome::our_fault, .retry_later = true, .reply = "out of memory"};
  } catch (...) {
    return {.outcome = Outcome::our_fault, .retry_later = true, .reply = "internal error"};
  }
}

}  // namespace kundehub::mail
