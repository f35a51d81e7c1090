#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "cli/doctor/checks.hpp"
#include "cli/welcome/test_mail.hpp"
#include "core/mail/sender_policy.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/welcome_message.hpp"

namespace kundehub::cli {
namespace {

constexpr Seconds server_patience{30};
constexpr std::chrono::days short_validity{14};

std::string_view after(std::string_view prefix, std::string_view text) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string_view{};
}

/// The host of `smtp://host:port`, without brackets.
std::string_view host_of(std::string_view url) {
  std::string_view host = url.substr(url.find("//") + 2);
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

/// As the mail module has it: such a host is not asked for TLS.
bool is_loopback(std::string_view url) {
  const std::string_view host = host_of(url);
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

bool is_smtp(std::string_view url) {
  return url.starts_with("smtp://") || url.starts_with("smtps://");
}

void examine_program(std::string_view program, Examination& examination) {
  const std::string path(program);
  struct stat info {};
  if (stat(path.c_str(), &info) != 0)
    return examination.fail("mail.program", tr("{} cannot be found: {}", text::quoted(path), std::strerror(errno)),
                            "kundehub config set mail.transport sendmail:/usr/sbin/sendmail");
  if (!S_ISREG(info.st_mode) || access(path.c_str(), X_OK) != 0)
    return examination.fail("mail.program", tr("{} is no program that you may run", text::quoted(path)),
                            "kundehub config set mail.transport sendmail:/usr/sbin/sendmail", ErrorKind::permission);
  examination.ok("mail.program", path);
}

void examine_folder(const std::filesystem::path& folder, Examination& examination) {
  std::error_code error;
  const bool exists = std::filesystem::exists(folder, error);
  std::filesystem::path named = folder;
  if (!named.has_filename()) named = named.parent_path();
  const std::filesystem::path place = exists ? named : named.has_parent_path() ? named.parent_path() : ".";
  if (access(place.c_str(), W_OK | X_OK) != 0)
    return examination.fail("mail.folder",
                            tr("{} cannot be written: {}", text::quoted(place.native()), std::strerror(errno)),
                            "kundehub config set mail.transport maildir:FOLDER", ErrorKind::permission);
  examination.warn("mail.folder", tr("mails go nowhere: they are put into {}", text::quoted(folder.native())),
                   "kundehub config set mail.transport smtp://mail.example.dk");
}

/// Nobody but the admin can mend it, unless a later try may go well by itself.
ErrorKind kind_of_end(const mail::SendResult& end) {
  const bool ours = end.outcome == mail::Outcome::our_fault || end.outcome == mail::Outcome::rejected;
  return ours && !end.retry_later ? ErrorKind::config : ErrorKind::temporary;
}

std::string remedy_of(mail::Stage stage) {
  switch (stage) {
    case mail::Stage::tls:
      return tr(
          "the certificate is checked for the name in mail.transport: kundehub config set mail.transport URL, or "
          "mail.ca_file FILE for an authority of your own");
    case mail::Stage::auth:
      return "kundehub config set mail.username NAME; kundehub config set mail.password_file FILE";
    default:
      return "kundehub config set mail.transport smtp://mail.example.dk:587";
  }
}

/// The three parts of the conversation, in their order. What comes after the one that failed is not known.
void tell_failure(const mail::ProbeResult& probe, Examination& examination) {
  using mail::Stage;
  const mail::SendResult& end = probe.end;
  const Stage stage = end.stage;
  const bool at_server = stage < Stage::tls || stage > Stage::auth;
  const std::string unknown = tr("cannot be examined before the server answers");
  if (at_server) {
    examination.fail("mail.server", end.reply, remedy_of(stage), kind_of_end(end));
    examination.skip("mail.tls", unknown);
    return examination.skip("mail.login", unknown);
  }
  examination.ok("mail.server", tr("it answers"));
  if (stage == Stage::tls) {
    examination.fail("mail.tls", end.reply, remedy_of(stage), kind_of_end(end));
    return examination.skip("mail.login", tr("no password is sent without TLS"));
  }
  if (probe.encrypted) examination.ok("mail.tls", tr("the connection is encrypted"));
  examination.fail("mail.login", end.reply, remedy_of(stage), kind_of_end(end));
}

void tell_tls(Session& session, const mail::ProbeResult& probe, Examination& examination) {
  if (!probe.encrypted && is_loopback(session.config().mail.transport))
    return examination.ok("mail.tls", tr("not needed: the server is on this machine"));
  if (!probe.encrypted)
    return examination.warn("mail.tls", tr("mails and the login links in them go out without TLS"),
                            "kundehub config set mail.tls required");
  if (!probe.certificate_expires_at)
    return examination.ok("mail.tls", tr("the connection is encrypted, the certificate was checked"));
  const std::string expiry = format_local(*probe.certificate_expires_at);
  if (*probe.certificate_expires_at < session.now() + short_validity)
    return examination.warn("mail.tls", tr("the server's certificate ends on {}", expiry),
                            tr("ask whoever runs the mail server to renew it"));
  examination.ok("mail.tls", tr("the connection is encrypted, the certificate is valid until {}", expiry));
}

void examine_server(Session& session, Examination& examination) {
  const mail::ProbeResult probe = session.probe_mail_server(server_patience);
  if (!probe.error.empty()) return examination.fail("mail.server", probe.error, remedy_of(mail::Stage::connect));
  if (probe.end.outcome != mail::Outcome::accepted) return tell_failure(probe, examination);
  examination.ok("mail.server", tr("{} answers: {}", host_of(session.config().mail.transport), probe.end.reply));
  tell_tls(session, probe, examination);
  if (probe.logged_in)
    examination.ok("mail.login", tr("the server has taken user name and password"));
  else
    examination.ok("mail.login", tr("none: mail.username is not set"));
}

/// With the hosts that receive the domain's mail and the one of the transport, which may be the provider's.
std::string example_spf(std::string_view transport) {
  return is_smtp(transport) ? fmt::format("\"v=spf1 mx a:{} ~all\"", host_of(transport)) : "\"v=spf1 mx ~all\"";
}

void tell_spf(const mail::SenderPolicy& spf, const std::string& transport, Examination& examination) {
  using State = mail::SenderPolicy::State;
  const std::string example = tr("a TXT record of {}: {}", spf.domain, example_spf(transport));
  switch (spf.state) {
    case State::found:
      return examination.ok("mail.spf", spf.record);
    case State::missing:
      return examination.warn("mail.spf", tr("{} has no SPF record: mails may be taken for forged", spf.domain),
                              example);
    case State::several:
      return examination.fail("mail.spf", tr("{} has more than one SPF record, so receivers use none", spf.domain),
                              example);
    case State::no_answer:
      return;  // told for both
  }
}

void tell_dmarc(const mail::SenderPolicy& dmarc, Examination& examination) {
  using State = mail::SenderPolicy::State;
  const std::string example = tr("a TXT record of {}: {}", "_dmarc." + dmarc.domain,
                                 fmt::format("\"v=DMARC1; p=none; rua=mailto:postmaster@{}\"", dmarc.domain));
  switch (dmarc.state) {
    case State::found:
      return examination.ok("mail.dmarc", dmarc.record);
    case State::missing:
      return examination.warn("mail.dmarc", tr("{} has no DMARC record: some receivers want one", dmarc.domain),
                              example);
    case State::several:
      return examination.warn("mail.dmarc",
                              tr("{} has more than one DMARC record, so receivers use none", dmarc.domain), example);
    case State::no_answer:
      return examination.skip("mail.dmarc", tr("no resolver answered"));
  }
}

/// Why the DNS is not asked, or empty.
std::string reason_not_to_ask(Session& session) {
  const std::string& transport = session.config().mail.transport;
  if (session.config().mail.from.empty()) return tr("cannot be examined without mail.from");
  if (transport.starts_with("maildir:")) return tr("mails go nowhere");
  if (is_smtp(transport) && is_loopback(transport)) return tr("the mail server is on this machine");
  const std::string domain = mail_domain(session.config());
  if (mail::is_reserved_domain(domain)) return tr("{} is no domain that mails come from", domain);
  return {};
}

mail::Message test_letter(Session& session) {
  const std::string text =
      tr("This mail was sent by kundehub doctor --send-test, to see whether mail leaves this machine.\n"
         "It carries no login link, and nothing has to be done.\n");
  mail::Message letter;
  letter.from = sender_mailbox(session.config());
  letter.subject = tr("Does mail leave kundehub?");
  letter.html = fmt::format("<!DOCTYPE html>\n<html><body><p>{}</p></body></html>\n", text);
  letter.text = text;
  letter.date = session.now();
  return letter;
}

void tell_test(const std::string& address, const mail::SendResult& result, Examination& examination) {
  if (result.outcome == mail::Outcome::accepted)
    return examination.ok("mail.test", tr("sent to {}: {}", address, result.reply));
  const std::string text = result.outcome == mail::Outcome::uncertain
                               ? tr("to {}: it may have left, the answer did not come: {}", address, result.reply)
                               : tr("not sent to {}: {}", address, result.reply);
  examination.fail("mail.test", text, {}, kind_of_test_mail(result));
}

}  // namespace

void examine_transport(Session& session, Examination& examination) {
  const std::string& transport = session.config().mail.transport;
  if (transport.empty()) return examination.skip("mail.server", tr("cannot be examined without mail.transport"));
  if (const auto program = after("sendmail:", transport); !program.empty())
    return examine_program(program, examination);
  if (const auto folder = after("maildir:", transport); !folder.empty())
    return examine_folder(session.from_config(std::string(folder)), examination);
  if (examination.has_failed("config.password"))
    return examination.skip("mail.server", tr("cannot be examined without the password"));
  examination.guard("mail.server", [&] { examine_server(session, examination); });
}

void examine_sender(Session& session, Examination& examination) {
  examination.guard("mail.spf", [&] {
    const std::string reason = reason_not_to_ask(session);
    if (!reason.empty()) return examination.skip("mail.dns", reason);
    const std::string domain = session.ascii_domain(mail_domain(session.config()));
    const auto look_up = [](const std::string& name) { return mail::look_up_texts(name); };
    const mail::SenderPolicy spf = mail::find_spf(domain, look_up);
    if (spf.state == mail::SenderPolicy::State::no_answer)
      return examination.skip("mail.dns", tr("no resolver answered"));
    tell_spf(spf, session.config().mail.transport, examination);
    tell_dmarc(mail::find_dmarc(domain, look_up), examination);
  });
}

void send_test(Session& session, Examination& examination, const std::string& address) {
  if (session.is_dry_run()) return examination.skip("mail.test", tr("dry run: no test mail was sent to {}", address));
  if (examination.has_failed("config.") || examination.has_failed("mail."))
    return examination.skip("mail.test", tr("not sent: the errors above come first"));
  examination.guard(
      "mail.test", [&] { tell_test(address, deliver_test_mail(session, test_letter(session), address), examination); });
}

}  // namespace kundehub::cli
