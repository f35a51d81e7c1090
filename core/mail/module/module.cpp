#include <variant>

#include "core/mail/mail_module.hpp"
#include "core/mail/module/address.hpp"
#include "core/mail/module/compose.hpp"
#include "core/mail/module/maildir_mailer.hpp"
#include "core/mail/module/parse_notification.hpp"
#include "core/mail/module/plain_text.hpp"
#include "core/mail/module/sendmail_mailer.hpp"
#include "core/mail/module/smtp_mailer.hpp"
#include "core/mail/module/transport_url.hpp"

namespace kundehub::mail {
namespace {

OpenedMailer open_transport(const TransportSettings& settings) {
  const TransportUrl url = parse_transport_url(settings.url);
  if (const auto* maildir = std::get_if<MaildirUrl>(&url)) return {std::make_unique<MaildirMailer>(maildir->path), {}};
  if (const auto* sendmail = std::get_if<SendmailUrl>(&url))
    return {std::make_unique<SendmailMailer>(sendmail->path, settings), {}};
  return {std::make_unique<SmtpMailer>(std::get<SmtpUrl>(url), settings), {}};
}

/// `function()`, or a Result whose `error` says why not. The texts in the last handlers need no memory.
template <class Result, class Function>
Result guarded(Function function) noexcept {
  Result failed;
  try {
    try {
      return function();
    } catch (const Unsendable& error) {
      failed.error = printable(error.what());
    }
  } catch (const std::bad_alloc&) {
    failed.error = "out of memory";
  } catch (...) {
    failed.error = "internal error";
  }
  return failed;
}

OpenedMailer open_mailer_here(const TransportSettings& settings) noexcept {
  return guarded<OpenedMailer>([&] { return open_transport(settings); });
}

ComposedMessage compose_here(const Message& message) noexcept {
  return guarded<ComposedMessage>([&] { return ComposedMessage{compose_mail(message).content, {}}; });
}

ReadNotification read_notification_here(const std::string& raw) noexcept {
  return guarded<ReadNotification>([&] { return ReadNotification{parse_notification(raw), {}}; });
}

ProbeResult probe_transport(const TransportSettings& settings) {
  const TransportUrl url = parse_transport_url(settings.url);
  // Connection, greeting, EHLO twice, STARTTLS, AUTH, NOOP: who keeps us waiting at each of them is no server.
  const auto limit = settings.connect_timeout + 2 * settings.reply_timeout;
  if (const auto* smtp = std::get_if<SmtpUrl>(&url)) return SmtpMailer(*smtp, settings).probe(limit);
  throw Unsendable(Blame::settings, "only an SMTP server can be talked to");
}

ProbeResult probe_here(const TransportSettings& settings) noexcept {
  return guarded<ProbeResult>([&] { return probe_transport(settings); });
}

AsciiDomain ascii_domain_here(const std::string& domain) noexcept {
  return guarded<AsciiDomain>([&] { return AsciiDomain{ascii_domain(domain), {}}; });
}

const MailModule the_module{.abi = mail_module_abi,
                            .open_mailer = open_mailer_here,
                            .compose = compose_here,
                            .read_notification = read_notification_here,
                            .probe = probe_here,
                            .ascii_domain = ascii_domain_here};

}  // namespace
}  // namespace kundehub::mail

/// The module's only exported symbol: see MailModuleEntry.
extern "C" __attribute__((visibility("default"))) const kundehub::mail::MailModule* kundehub_mail_module() noexcept {
  return &kundehub::mail::the_module;
}
