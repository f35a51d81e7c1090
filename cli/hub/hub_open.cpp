#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "core/service/customers.hpp"
#include "core/service/lookup.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/open_link.hpp"

namespace kundehub::cli {
namespace {

struct HubOpenOptions {
  std::string who;
  std::optional<std::string> customer;
};

const RecordKind open_kind{{"contact", "customer", "customer_name", "name", "email", "url", "expires_at"},
                           {"contact", "customer", "name", "url", "expires_at"},
                           [](const Record& record) { return record.at("contact").get<std::string>(); }};

/// A customer is seen as its primary contact sees it.
ContactOverview primary_of(Store& store, const Customer& customer, Time now) {
  const auto contacts = contacts_of(store, customer.id, now);
  const auto primary =
      std::ranges::find_if(contacts, [](const ContactOverview& one) { return one.contact.data.primary; });
  if (primary != contacts.end()) return *primary;
  const std::string& number = customer.number.text();
  throw Error(ErrorKind::conflict, tr("customer {} has no contacts: there is nobody to see the HUB as", number),
              fmt::format("kundehub contact add {} \"First Last <mail@example.dk>\"", number));
}

ContactOverview find_who(const HubOpenOptions& options, Store& store, Time now) {
  if (!names_contact(options.who)) {
    if (options.customer)
      throw Error(ErrorKind::usage, tr("--customer goes with a contact, not with another customer"),
                  tr("name the customer once"));
    return primary_of(store, find_customer(store, options.who), now);
  }
  std::optional<CustomerId> at;
  if (options.customer) at = find_customer(store, *options.customer).id;
  return find_contact(store, options.who, at, now);
}

Record open_record(const ContactOverview& contact, const OpenLink& link, const std::string& url) {
  const auto& email = contact.contact.data.email;
  Record record = Record::object();
  record["contact"] = contact_ref(contact.contact.id);
  record["customer"] = contact.customer_number.text();
  record["customer_name"] = contact.customer_name;
  record["name"] = contact.contact.data.full_name();
  record["email"] = email ? Record(email->text()) : Record(nullptr);
  record["url"] = text_value(url);
  record["expires_at"] = time_value(link.expires_at);
  return record;
}

ExitCode run_hub_open(const HubOpenOptions& options, Session& session) {
  RecordWriter writer(session.out(), session.options().output, open_kind, RecordWriter::Shape::one);
  const std::string hub_url = session.config().hub.url;
  if (hub_url.empty())
    throw Error(ErrorKind::config, tr("hub.url is not set: there is no HUB to open"),
                "kundehub config set hub.url URL");
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const ContactOverview contact = find_who(options, store, operation->at());
  const OpenLink link = make_open_link(*operation, contact, session.key());
  session.commit(*operation);
  writer.add(open_record(contact, link, session.is_dry_run() ? "" : open_url(hub_url, link.token)));
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_hub_open(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<HubOpenOptions>();
  CLI::App* open = add_verb(parent, "open", "a link, valid for five minutes, to see the HUB as a customer does",
                            options, run_hub_open, chosen);
  open->add_option("who", options->who, "a customer, as its primary contact sees it, or a contact")
      ->type_name("CUSTOMER|CONTACT")
      ->required();
  open->add_option("--customer", options->customer, "the customer, where an address occurs at several")
      ->type_name("CUSTOMER");
}

}  // namespace kundehub::cli
