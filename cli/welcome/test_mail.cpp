#include "cli/welcome/test_mail.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include "core/model/email_address.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/welcome_message.hpp"

namespace kundehub::cli {
namespace {

std::string random_id() {
  std::array<unsigned char, 16> random{};
  randombytes_buf(random.data(), random.size());
  std::string id = "kundehub.test.";
  for (const unsigned char byte : random) id += fmt::format("{:02x}", byte);
  return id;
}

/// Marked as a test, with an address and an id of its own.
void make_test(const Session& session, const Config& config, mail::Message& message, const std::string& address) {
  if (session.is_part())
    throw Error(ErrorKind::usage, tr("a test mail cannot be taken back, so it is no part of a batch --atomic"),
                tr("send it before or after the batch"));
  message.to = {"", EmailAddress::parse(address).text()};
  message.subject = "[test] " + message.subject;
  message.message_id = random_id() + '@' + mail_domain(config);
  check_mail_settings(config);
}

}  // namespace

ErrorKind kind_of_test_mail(const mail::SendResult& result) {
  switch (result.outcome) {
    case mail::Outcome::rejected:
      return ErrorKind::all_rejected;
    case mail::Outcome::our_fault:
      return result.retry_later ? ErrorKind::temporary : ErrorKind::config;
    default:
      return ErrorKind::temporary;
  }
}

mail::SendResult deliver_test_mail(Session& session, mail::Message message, const std::string& address) {
  make_test(session, session.config(), message, address);
  return session.connect()->send(message, [] { return true; });
}

ExitCode send_test_mail(Session& session, mail::Message message, const std::string& address) {
  make_test(session, session.config(), message, address);
  const auto mailer = session.connect();
  if (session.options().dry_run) {
    session.note(tr("dry run: no test mail was sent to {}", message.to.address));
    return ExitCode::ok;
  }
  const mail::SendResult result = mailer->send(message, [] { return true; });
  if (result.outcome == mail::Outcome::accepted) {
    session.note(tr("test mail to {}: sent ({})", message.to.address, result.reply));
    return ExitCode::ok;
  }
  const bool is_uncertain = result.outcome == mail::Outcome::uncertain;
  throw Error(kind_of_test_mail(result), is_uncertain
                                             ? tr("test mail to {}: it may have left, the answer did not come: {}",
                                                  message.to.address, result.reply)
                                             : tr("test mail to {}: not sent: {}", message.to.address, result.reply));
}

}  // namespace kundehub::cli
