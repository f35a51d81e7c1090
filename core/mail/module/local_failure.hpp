#pragma once

#include <system_error>

#include "core/mail/mailer.hpp"
#include "core/mail/module/unsendable.hpp"

namespace kundehub::mail {

/// What becomes of a mail that cannot be written: our fault if every other would fail alike, else rejected, as no later
/// try can succeed.
SendResult from_unsendable(const Unsendable& error);

/// The exception in flight as our fault, which may pass. For the last `catch (...)` before the module's boundary:
/// allocates nothing.
SendResult from_unexpected() noexcept;

/// What `deliver` returns, or what its exceptions mean; `judge` knows what an error of the system does.
template <class Deliver>
SendResult deliver_or_explain(Deliver deliver, SendResult (*judge)(const std::system_error&)) noexcept {
  try {
    try {
      return deliver();
    } catch (const Unsendable& error) {
      return from_unsendable(error);
    } catch (const std::system_error& error) {
      return judge(error);
    }
  } catch (...) {
    return from_unexpected();
  }
}

}  // namespace kundehub::mail
