#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "core/service/lookup.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct HubLoginsOptions {
  std::string who;
  std::optional<std::string> customer, since, limit;
};

LoginFilter read_filter(const HubLoginsOptions& options, Session& session) {
  LoginFilter filter;
  if (options.since) filter.since = parse_date(*options.since, session.now());
  if (options.customer) filter.customer = find_customer(session.store(), *options.customer).id;
  if (options.who.empty()) return filter;
  if (options.customer && !names_contact(options.who))
    throw Error(ErrorKind::usage, tr("--customer goes with a contact, not with another customer"),
                tr("name the customer once"));
  if (names_contact(options.who)) {
    filter.contact = find_contact(session.store(), options.who, filter.customer, session.now()).contact.id;
  } else {
    filter.customer = find_customer(session.store(), options.who).id;
  }
  return filter;
}

ExitCode run_hub_logins(const HubLoginsOptions& options, Session& session) {
  RecordWriter writer(session.out(), session.options().output, login_kind, RecordWriter::Shape::many);
  std::optional<std::int64_t> limit;
  if (options.limit) limit = parse_count("--limit", *options.limit, 1);
  Store& store = session.store();
  store.each_login(read_filter(options, session), limit, [&](const Login& login) {
    const auto contact = store.contact(login.contact, session.now());
    if (contact) writer.add(login_record(*contact, login));
  });
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_hub_logins(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<HubLoginsOptions>();
  CLI::App* logins = add_verb(parent, "logins", "who came in, and when; newest first", options, run_hub_logins, chosen);
  logins->add_option("who", options->who, "only this customer's, or this contact's")->type_name("CUSTOMER|CONTACT");
  logins->add_option("--customer", options->customer, "the customer, where an address occurs at several")
      ->type_name("CUSTOMER");
  logins->add_option("--since", options->since, "only since this time")->type_name("DATE");
  logins->add_option("--limit", options->limit, "at most so many")->type_name("N");
}

}  // namespace kundehub::cli
