#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/contact/contact_options.hpp"
#include "cli/ending.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "core/model/ip_address.hpp"
#include "core/service/lookup.hpp"
#include "core/store/portal_change.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct PortalLoginOptions {
  std::string contact;
  std::optional<std::string> customer, at, ip;
};

/// When it was; now, if it is not said.
Time login_time(const PortalLoginOptions& options, Time now) {
  if (!options.at) return now;
  const Time at = parse_date(*options.at, now);
  if (at <= now) return at;
  throw Error(ErrorKind::bad_data, tr("{} lies ahead: nobody has logged in then", text::quoted(*options.at)),
              tr("give a time that has passed, or leave out --at"));
}

ExitCode run_portal_login(const PortalLoginOptions& options, Session& session) {
  RecordWriter writer(session.out(), session.options().output, login_kind, RecordWriter::Shape::one);
  Login login{.contact = {}};
  if (options.ip) login.ip = parse_ip_address(*options.ip);
  Store& store = session.writing_store();
  login.at = login_time(options, session.now());
  std::optional<CustomerId> at;
  if (options.customer) at = find_customer(store, *options.customer).id;
  const ContactOverview contact = find_contact(store, options.contact, at, session.now());
  login.contact = contact.contact.id;
  ExitCode code = ExitCode::ok;
  if (session.options().dry_run) {
    session.note(tr("dry run: nothing was changed"));
  } else {
    const auto change = store.begin_portal_change();
    change->record_login(login);
    const std::string trouble = change->commit();
    session.mark_changed();
    code = ending(trouble, ExitCode::ok, session);
  }
  writer.add(login_record(contact, login));
  writer.finish();
  return code;
}

}  // namespace

void add_portal_login(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<PortalLoginOptions>();
  CLI::App* login = add_verb(parent, "login", "record that a contact has logged in", options, run_portal_login, chosen);
  login->add_option("contact", options->contact, "an address, or contact:N")->type_name("CONTACT")->required();
  login->add_option("--customer", options->customer, "the customer, where an address occurs at several")
      ->type_name("CUSTOMER");
  login->add_option("--at", options->at, "when, if not now")->type_name("DATE");
  login->add_option("--ip", options->ip, "from where")->type_name("ADDRESS");
}

}  // namespace kundehub::cli
