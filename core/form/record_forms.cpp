#include "core/form/record_forms.hpp"

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/service/hub_access.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

/// The field of customer_fields() or contact_fields().
template <class Data, class TextField>
FormField<Data> text_field(const TextField& field) {
  auto* const set = field.set;
  auto* const get = field.get;
  return {.key = {std::string(field.name), field.name == "notes" ? FormShape::block : FormShape::line},
          .comment = tr_text(std::string(field.help)),
          .get = [get](const Data& data) { return FormValue(get(data)); },
          .set = [set](Data& data, const FormValue& value, Store&) { set(data, std::get<std::string>(value)); }};
}

template <class Data>
FormField<Data> hub_field(const std::string& comment) {
  return {.key = {"hub", FormShape::flag},
          .comment = comment,
          .get = [](const Data& data) { return FormValue(data.hub == HubSwitch::on); },
          .set = [](Data& data, const FormValue& value,
                    Store&) { data.hub = std::get<bool>(value) ? HubSwitch::on : HubSwitch::off; }};
}

FormField<CustomerData> tags_field() {
  return {.key = {"tags", FormShape::list},
          .comment = tr("a word or two each, without commas, such as {}", R"(["vip", "aarhus"])"),
          .get = [](const CustomerData& data) { return FormValue(data.tags); },
          .set =
              [](CustomerData& data, const FormValue& value, Store&) {
                data.tags.clear();
                for (const std::string& tag : std::get<std::vector<std::string>>(value))
                  insert_sorted(data.tags, parse_tag(tag));
              }};
}

/// Sorted, each once. Throws Error{not_found}.
std::vector<std::string> known_modules(const FormValue& value, Store& store) {
  const auto& named = std::get<std::vector<std::string>>(value);
  check_modules(store, named);
  std::vector<std::string> modules;
  for (const std::string& module : named) insert_sorted(modules, module);
  return modules;
}

std::string module_keys(Store& store) {
  std::vector<std::string> keys;
  for (const Module& module : store.modules()) keys.push_back(to_toml(module.key));
  return fmt::format("{}", fmt::join(keys, ", "));
}

FormField<CustomerData> modules_field(Store& present) {
  return {.key = {"modules", FormShape::list},
          .comment = tr("the modules that are switched on, of {}", module_keys(present)),
          .get = [](const CustomerData& data) { return FormValue(data.modules); },
          .set = [](CustomerData& data, const FormValue& value,
                    Store& store) { data.modules = known_modules(value, store); }};
}

FormField<ContactData> primary_field() {
  return {.key = {"primary", FormShape::flag},
          .comment = tr("true or false: the contact to turn to first"),
          .get = [](const ContactData& data) { return FormValue(data.primary); },
          .set =
              [](ContactData& data, const FormValue& value, Store&) {
                if (data.primary && !std::get<bool>(value)) {
                  throw Error(ErrorKind::conflict,
                              tr("a customer's primary contact is that until another one takes its place"),
                              tr("make the other contact the primary one"));
                }
                data.primary = std::get<bool>(value);
              }};
}

FormField<ContactData> only_modules_field(const ContactOverview& contact, Store& present) {
  const auto& only = contact.contact.data.only_modules;
  // Nothing that can be written here says so.
  std::string none =
      tr("none at all now, since its modules were deleted: kundehub contact edit contact:{} --all-modules",
         contact.contact.id.value);
  std::string some =
      tr("of the customer's modules these only, of {}; []: all that the customer has", module_keys(present));
  return {
      .key = {"only_modules", FormShape::list},
      .comment = only && only->empty() ? std::move(none) : std::move(some),
      .get = [](const ContactData& data) { return FormValue(data.only_modules.value_or(std::vector<std::string>())); },
      .set =
          [](ContactData& data, const FormValue& value, Store& store) {
            data.only_modules = known_modules(value, store);
            if (data.only_modules->empty()) data.only_modules.reset();
          }};
}

std::vector<std::string> head_of(std::string record) {
  return {std::move(record), tr("Change what is to be changed, save, and leave the editor."),
          tr("An empty form, or one that is as it was, changes nothing; a field that is taken out stays as it is."),
          tr("A text is cleared with \"\", a list with [].")};
}

}  // namespace

RecordForm<CustomerData> customer_form(const Customer& customer, Store& store) {
  const bool is_private = customer.data.kind == CustomerKind::private_person;
  std::vector<FormField<CustomerData>> fields;
  for (const CustomerField& field : customer_fields()) {
    fields.push_back(text_field<CustomerData>(field));
    if (field.name == "cvr") fields.back().is_shown = !is_private;
  }
  fields.push_back(tags_field());
  fields.push_back(hub_field<CustomerData>(tr("true or false: the customer's HUB switch; off ends all access")));
  fields.push_back(modules_field(store));
  std::string record = is_private ? tr("Customer {}, {}, a private person.", customer.number.text(), customer.data.name)
                                  : tr("Customer {}, {}, a business.", customer.number.text(), customer.data.name);
  return {head_of(std::move(record)), std::move(fields), customer.data};
}

RecordForm<ContactData> contact_form(const ContactOverview& contact, Store& store) {
  std::vector<FormField<ContactData>> fields;
  for (const ContactField& field : contact_fields()) fields.push_back(text_field<ContactData>(field));
  fields.push_back(hub_field<ContactData>(tr("true or false: the contact's own HUB switch; off ends its access")));
  fields.push_back(primary_field());
  fields.push_back(only_modules_field(contact, store));
  std::vector<std::string> head =
      head_of(tr("contact:{}, {}, of customer {}, {}.", contact.contact.id.value, contact.contact.data.full_name(),
                 contact.customer_number.text(), contact.customer_name));
  if (contact.customer_kind == CustomerKind::private_person)
    head.push_back(tr("A private customer is their own contact: what is changed here is changed there too."));
  return {std::move(head), std::move(fields), contact.contact.data};
}

}  // namespace kundehub
