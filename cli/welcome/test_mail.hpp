#pragma once

#include <string>

#include "cli/exit_code.hpp"
#include "cli/session.hpp"
#include "core/mail/message.hpp"

namespace kundehub::cli {

/// Sends a mail to this address to see how it comes out, marked as a test, past the queue and without a record; tells
/// what the server said. In a dry run only checks the address. Throws Error{bad_data} for the address, Error{config},
/// and with the kind of the outcome if the mail has not left.
ExitCode send_test_mail(Session& session, mail::Message message, const std::string& address);

/// Hands such a mail to the transport, without a look at dry runs, and tells what became of it. Throws as
/// send_test_mail, but not for the outcome.
mail::SendResult deliver_test_mail(Session& session, mail::Message message, const std::string& address);

/// The kind of the error that a test mail's outcome is, if it is not `accepted`.
ErrorKind kind_of_test_mail(const mail::SendResult& result);

}  // namespace kundehub::cli
