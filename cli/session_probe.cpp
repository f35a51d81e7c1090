#include <algorithm>

#include "cli/session.hpp"
#include "core/mail/mail_module.hpp"

namespace kundehub::cli {

mail::ProbeResult Session::probe_mail_server(Seconds patience) {
  mail::TransportSettings settings = transport_settings({});
  settings.connect_timeout = std::min(settings.connect_timeout, patience);
  settings.reply_timeout = std::min(settings.reply_timeout, patience);
  return mail::probe(settings);
}

std::string Session::ascii_domain(const std::string& domain) {
  return mail::to_ascii_domain(domain);
}

}  // namespace kundehub::cli
