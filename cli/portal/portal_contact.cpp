#include "cli/portal/portal_contact.hpp"

#include "cli/records.hpp"

namespace kundehub::cli {

Record portal_contact_record(const ContactOverview& contact) {
  const ContactData& data = contact.contact.data;
  Record record = Record::object();
  record["contact"] = contact_ref(contact.contact.id);
  record["customer"] = contact.customer_number.text();
  record["customer_name"] = contact.customer_name;
  record["kind"] = to_string(contact.customer_kind);
  record["name"] = data.full_name();
  record["first_name"] = text_value(data.first_name);
  record["last_name"] = text_value(data.last_name);
  record["email"] = data.email ? Record(data.email->text()) : Record(nullptr);
  record["language"] = to_string(contact.language());
  record["modules"] = contact.usable_modules();
  return record;
}

}  // namespace kundehub::cli
