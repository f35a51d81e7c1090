#pragma once

#include "core/mail/mailer.hpp"
#include "core/mail/module/unsendable.hpp"

namespace kundehub::mail {

/// What becomes of a mail that cannot be written: our fault if every other would fail alike, else rejected, as no later
/// try can succeed.
SendResult from_unsendable(const Unsendable& error);

/// The exception in flight as our fault, which may pass. For the last `catch (...)` before the module's boundary:
/// allocates nothing.
SendResult from_unexpected() noexcept;

}  // namespace kundehub::mail
