#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/mail/mailer.hpp"
#include "core/mail/probe.hpp"
#include "core/mail/status_notification.hpp"

namespace kundehub::mail {

/// Raised with every change of a type that crosses the module's boundary.
constexpr std::uint32_t mail_module_abi = 3;

/// A mailer, or null and the reason: the settings are at fault.
struct OpenedMailer {
  std::unique_ptr<Mailer> mailer;
  std::string error;
};

/// A message as it goes out (CRLF line ends), or empty and the reason.
struct ComposedMessage {
  std::string raw;
  std::string error;
};

/// A mail read as a delivery status notification, or the reason why it could not be.
struct ReadNotification {
  StatusNotification notification;
  std::string error;
};

/// A host name as A-labels (RFC 5891), or empty and the reason.
struct AsciiDomain {
  std::string name;
  std::string error;
};

/// What the shared module offers. No exception crosses: each side has its own C++ runtime.
struct MailModule {
  std::uint32_t abi = mail_module_abi;
  OpenedMailer (*open_mailer)(const TransportSettings&) noexcept = nullptr;
  ComposedMessage (*compose)(const Message&) noexcept = nullptr;
  ReadNotification (*read_notification)(const std::string& raw) noexcept = nullptr;
  ProbeResult (*probe)(const TransportSettings&) noexcept = nullptr;
  AsciiDomain (*ascii_domain)(const std::string& domain) noexcept = nullptr;
};

/// The module's only exported symbol.
using MailModuleEntry = const MailModule* (*)() noexcept;
constexpr const char* mail_module_entry = "kundehub_mail_module";

/// Opens `kundehub_mail.so`, looked for in `../lib/kundehub/` and `../<libdir>/kundehub/` beside the running executable
/// and nowhere else. Loaded once, never unloaded. Throws Error{config} if it is missing or of another build.
const MailModule& load_mail_module();

/// As MailModule::open_mailer. Throws Error{config} with the module's reason.
std::unique_ptr<Mailer> open_mailer(const TransportSettings& settings);

/// As MailModule::compose. Throws Error{bad_data} with the module's reason.
std::string compose(const Message& message);

/// `raw`, a mail with its headers, as a delivery status notification (RFC 3464); what is none has no recipients. Throws
/// Error{temporary} if there is no memory for it.
StatusNotification read_notification(const std::string& raw);

/// Talks to the SMTP server of the settings as a mail would, and sends none. Of another transport nothing can be said:
/// `error` says so.
ProbeResult probe(const TransportSettings& settings);

/// `domain` as the DNS knows it. Empty if it is no host name.
std::string to_ascii_domain(const std::string& domain);

}  // namespace kundehub::mail
