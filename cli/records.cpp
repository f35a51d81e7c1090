#include "cli/records.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kundehub::cli {
namespace {

std::string number_id(const Record& record) {
  return record.at("number").get<std::string>();
}
std::string own_id(const Record& record) {
  return record.at("id").get<std::string>();
}
std::string contact_id(const Record& record) {
  return record.at("contact").get<std::string>();
}
std::string key_id(const Record& record) {
  return record.at("key").get<std::string>();
}

Record counts_value(const WelcomeCounts& counts) {
  Record value = Record::object();
  for (std::size_t state = 0; state < counts.size(); ++state) {
    if (counts[state] > 0) value[std::string(to_string(static_cast<WelcomeState>(state)))] = counts[state];
  }
  return value;
}

}  // namespace

const RecordKind customer_kind{
    {"number",   "id",      "kind",       "name",       "cvr",        "email", "phone", "address",        "zip",
     "city",     "country", "language",   "website",    "notes",      "tags",  "hub",   "hub_changed_at", "modules",
     "contacts", "welcome", "created_at", "updated_at", "archived_at"},
    {"number", "kind", "name", "contacts", "hub", "modules", "welcome"},
    number_id};

const RecordKind customer_page_kind{
    {"number",     "id",          "kind",           "name",    "cvr",      "email",   "phone",
     "address",    "zip",         "city",           "country", "language", "website", "notes",
     "tags",       "hub",         "hub_changed_at", "modules", "contacts", "welcome", "created_at",
     "updated_at", "archived_at", "operations",     "logins"},
    {"number", "kind", "name", "cvr", "email", "phone", "address", "zip", "city", "country", "language", "website",
     "hub", "modules", "tags", "notes"},
    number_id};

const RecordKind contact_kind{{"id", "customer", "customer_name", "first_name", "last_name", "email", "phone", "title",
                               "language", "hub", "hub_changed_at", "primary", "welcome", "welcome_at", "sends",
                               "access", "created_at", "updated_at", "only_modules"},
                              {"id", "customer", "first_name", "last_name", "email", "hub", "welcome", "access"},
                              own_id};

const RecordKind module_kind{{"key", "title_da", "title_en"}, {"key", "title_da", "title_en"}, key_id};

const RecordKind access_kind{
    {"contact", "customer", "customer_name", "name", "email", "access", "reason", "text", "remedy", "modules"},
    {"contact", "customer", "name", "email", "access", "modules", "text"},
    contact_id};

const RecordKind login_kind{{"contact", "customer", "customer_name", "name", "email", "at", "method", "ip"},
                            {"at", "contact", "customer", "name", "email", "method", "ip"},
                            contact_id};

const RecordKind welcome_kind{{"contact", "customer", "name", "email", "state", "at", "tries", "due_at", "sent_at",
                               "link_expires_at", "message_id", "reply", "answers", "template", "message"},
                              {"contact", "customer", "email", "state", "at", "tries", "due_at", "reply"},
                              contact_id};

const RecordKind plan_kind{
    {"contact", "customer", "name", "email", "decision", "reason", "text", "remedy", "link", "link_expires_at"},
    {"contact", "customer", "email", "decision", "text", "link"},
    contact_id};

const RecordKind operation_kind{
    {"id", "at", "actor", "host", "command", "undoes"}, {"id", "at", "actor", "command"}, own_id};

const RecordKind operation_page_kind{{"id", "at", "actor", "host", "command", "undoes", "changes"},
                                     {"id", "at", "actor", "host", "command", "undoes"},
                                     own_id};

Record text_value(const std::string& text) {
  return text.empty() ? Record(nullptr) : Record(text);
}

Record time_value(const std::optional<Time>& time) {
  return time ? Record(to_rfc3339(*time)) : Record(nullptr);
}

std::string contact_ref(ContactId id) {
  return fmt::format("contact:{}", id.value);
}

Record to_record(const CustomerOverview& overview) {
  const Customer& customer = overview.customer;
  Record record = Record::object();
  record["number"] = customer.number.text();
  record["id"] = fmt::format("id:{}", customer.id.value);
  record["kind"] = to_string(customer.data.kind);
  for (const CustomerField& field : customer_fields())
    record[std::string(field.name)] = text_value(field.get(customer.data));
  record["tags"] = customer.data.tags;
  record["hub"] = to_string(customer.data.hub);
  record["hub_changed_at"] = time_value(customer.hub_changed_at);
  record["modules"] = customer.data.modules;
  record["contacts"] = overview.contacts;
  record["welcome"] = counts_value(overview.welcome);
  record["created_at"] = time_value(customer.created_at);
  record["updated_at"] = time_value(customer.updated_at);
  record["archived_at"] = time_value(customer.archived_at);
  return record;
}

Record to_record(const ContactOverview& overview, Time now) {
  const Contact& contact = overview.contact;
  Record record = Record::object();
  record["id"] = contact_ref(contact.id);
  record["customer"] = overview.customer_number.text();
  record["customer_name"] = overview.customer_name;
  for (const ContactField& field : contact_fields())
    record[std::string(field.name)] = text_value(field.get(contact.data));
  record["language"] = to_string(overview.language());
  record["hub"] = to_string(contact.data.hub);
  record["hub_changed_at"] = time_value(contact.hub_changed_at);
  record["primary"] = contact.data.primary;
  record["welcome"] = to_string(overview.welcome);
  record["welcome_at"] = time_value(overview.welcome_at);
  record["sends"] = overview.sends;
  record["access"] = may_log_in(overview, now);
  record["created_at"] = time_value(contact.created_at);
  record["updated_at"] = time_value(contact.updated_at);
  record["only_modules"] = contact.data.only_modules ? Record(*contact.data.only_modules) : Record(nullptr);
  return record;
}

Record to_record(const Module& module) {
  Record record = Record::object();
  record["key"] = module.key;
  record["title_da"] = module.title_da;
  record["title_en"] = module.title_en;
  return record;
}

Record to_record(const OperationEntry& operation) {
  Record record = Record::object();
  record["id"] = fmt::format("op:{}", operation.id.value);
  record["at"] = time_value(operation.context.at);
  record["actor"] = operation.context.actor;
  record["host"] = operation.context.host;
  record["command"] = operation.context.command;
  record["undoes"] = operation.undoes ? Record(fmt::format("op:{}", operation.undoes->value)) : Record(nullptr);
  return record;
}

Record to_record(const RecordChange& change) {
  Record record = Record::object();
  record["change"] = std::string(to_string(change.kind));
  record["record"] = change.record;
  record["id"] = text_value(change.id);
  record["name"] = text_value(change.name);
  record["fields"] = Record::array();
  for (const FieldChange& field : change.fields) {
    record["fields"].push_back(
        {{"field", field.field}, {"before", text_value(field.before)}, {"after", text_value(field.after)}});
  }
  return record;
}

Record access_record(const ContactOverview& contact, Time now) {
  const auto chain = access_chain(contact, now);
  const auto broken = std::find_if(chain.begin(), chain.end(), [](const AccessLink& link) { return !link.holds; });
  const ContactData& data = contact.contact.data;
  Record record = Record::object();
  record["contact"] = contact_ref(contact.contact.id);
  record["customer"] = contact.customer_number.text();
  record["customer_name"] = contact.customer_name;
  record["name"] = data.full_name();
  record["email"] = data.email ? Record(data.email->text()) : Record(nullptr);
  record["access"] = broken == chain.end();
  record["reason"] = broken == chain.end() ? Record(nullptr) : Record(broken_reason(broken->condition));
  record["text"] = broken == chain.end() ? chain.back().text : broken->text;
  record["remedy"] = broken == chain.end() ? Record(nullptr) : text_value(broken->remedy);
  record["modules"] = contact.usable_modules();
  return record;
}

Record login_record(const ContactOverview& contact, const Login& login) {
  Record record = Record::object();
  record["contact"] = contact_ref(login.contact);
  record["customer"] = contact.customer_number.text();
  record["customer_name"] = contact.customer_name;
  record["name"] = contact.contact.data.full_name();
  record["email"] = contact.contact.data.email ? Record(contact.contact.data.email->text()) : Record(nullptr);
  record["at"] = time_value(login.at);
  record["method"] = to_string(login.method);
  record["ip"] = text_value(login.ip);
  return record;
}

Record welcome_record(const ContactOverview& contact, const Welcome& welcome) {
  Record record = Record::object();
  record["contact"] = contact_ref(contact.contact.id);
  record["customer"] = contact.customer_number.text();
  record["name"] = contact.contact.data.full_name();
  record["email"] = welcome.address;
  record["state"] = to_string(welcome.state);
  record["at"] = time_value(welcome.changed_at);
  record["tries"] = welcome.tries;
  record["due_at"] = time_value(welcome.due_at);
  record["sent_at"] = time_value(welcome.sent_at);
  record["link_expires_at"] = time_value(welcome.link_expires_at);
  record["message_id"] = welcome.message_id;
  record["reply"] = text_value(welcome.reply);
  record["answers"] = nullptr;  // filled where they are asked for
  record["template"] = welcome.template_hash;
  record["message"] = text_value(welcome.message);
  return record;
}

Record to_record(const WelcomeTry& attempt) {
  Record record = Record::object();
  record["number"] = attempt.number;
  record["at"] = time_value(attempt.at);
  record["outcome"] = attempt.outcome;
  record["stage"] = attempt.stage;
  record["reply"] = attempt.reply;
  return record;
}

Record to_record(const PlannedSend& planned) {
  const ContactData& data = planned.contact.contact.data;
  Record record = Record::object();
  record["contact"] = contact_ref(planned.contact.contact.id);
  record["customer"] = planned.contact.customer_number.text();
  record["name"] = data.full_name();
  record["email"] = data.email ? Record(data.email->text()) : Record(nullptr);
  record["decision"] = to_string(planned.decision);
  record["reason"] = planned.reason;
  record["text"] = planned.text;
  record["remedy"] = text_value(planned.remedy);
  record["link"] = nullptr;
  record["link_expires_at"] = nullptr;
  return record;
}

}  // namespace kundehub::cli
