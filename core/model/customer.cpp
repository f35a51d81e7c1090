#include "core/model/customer.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/model/phone.hpp"
#include "core/text/nearest.hpp"
#include "core/text/plain.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

template <std::string CustomerData::*Member>
std::string get_text(const CustomerData& customer) {
  return customer.*Member;
}

void set_name(CustomerData& customer, std::string_view text) {
  std::string name = text::clean_line(translatable("name"), text);
  if (name.empty()) throw Error(ErrorKind::bad_data, tr("a customer needs a name"));
  customer.name = std::move(name);
}

void set_phone(CustomerData& customer, std::string_view text) {
  customer.phone = parse_phone(text);
}

constexpr std::array fields{
    CustomerField{"name", translatable("the person's or the company's name"), set_name, get_text<&CustomerData::name>},
    CustomerField{"cvr", translatable("company number of 8 digits (business)"),
                  [](CustomerData& customer, std::string_view text) {
                    customer.cvr = text.empty() ? std::nullopt : std::optional(Cvr::parse(text));
                  },
                  [](const CustomerData& customer) { return customer.cvr ? customer.cvr->text() : std::string(); }},
    CustomerField{"email", translatable("private: the login address; business: where bills go"),
                  [](CustomerData& customer, std::string_view text) {
                    customer.email = text.empty() ? std::nullopt : std::optional(EmailAddress::parse(text));
                  },
                  [](const CustomerData& customer) { return customer.email ? customer.email->text() : std::string(); }},
    CustomerField{"phone", translatable("telephone number"), set_phone, get_text<&CustomerData::phone>},
    CustomerField{"address", translatable("street and house number"),
                  [](CustomerData& customer, std::string_view text) {
                    customer.address = text::clean_line(translatable("address"), text);
                  },
                  get_text<&CustomerData::address>},
    CustomerField{"zip", translatable("postal code"),
                  [](CustomerData& customer, std::string_view text) {
                    customer.zip = text::clean_line(translatable("zip"), text, 20);
                  },
                  get_text<&CustomerData::zip>},
    CustomerField{"city", translatable("town"),
                  [](CustomerData& customer, std::string_view text) {
                    customer.city = text::clean_line(translatable("city"), text);
                  },
                  get_text<&CustomerData::city>},
    CustomerField{"country", translatable("two letters, ISO 3166-1"),
                  [](CustomerData& customer, std::string_view text) {
                    customer.country = Country::parse(text.empty() ? "DK" : text);
                  },
                  [](const CustomerData& customer) { return customer.country.text(); }},
    CustomerField{"language", translatable("da or en: of the HUB and the mails"),
                  [](CustomerData& customer, std::string_view text) {
                    customer.language = parse_language(text.empty() ? "da" : text);
                  },
                  [](const CustomerData& customer) { return std::string(to_string(customer.language)); }},
    CustomerField{"website", translatable("address of the web site"),
                  [](CustomerData& customer, std::string_view text) {
                    customer.website = text::clean_line(translatable("website"), text);
                  },
                  get_text<&CustomerData::website>},
    CustomerField{"notes", translatable("free text, for admins only"),
                  [](CustomerData& customer, std::string_view text) {
                    customer.notes = text::clean_block(translatable("notes"), text);
                  },
                  get_text<&CustomerData::notes>},
};

}  // namespace

CustomerKind parse_customer_kind(std::string_view text) {
  if (text == "business") return CustomerKind::business;
  if (text == "private") return CustomerKind::private_person;
  throw Error(ErrorKind::bad_data, tr("kind {} is not known", text::quoted(text)), tr("use business or private"));
}

std::string_view to_string(CustomerKind kind) {
  return kind == CustomerKind::business ? "business" : "private";
}

std::string_view to_string(HubSwitch hub) {
  return hub == HubSwitch::on ? "on" : "off";
}

std::span<const CustomerField> customer_fields() {
  return fields;
}

const CustomerField& customer_field(std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const CustomerField& field) { return field.name == name; });
  if (found != fields.end()) return *found;
  std::vector<std::string_view> names;
  for (const CustomerField& field : fields) names.push_back(field.name);
  const auto near = text::nearest(name, names);
  throw Error(ErrorKind::usage, tr("a customer has no field {}", text::quoted(name)),
              near ? tr("did you mean {}", *near) : tr("fields: {}", fmt::join(names, " ")));
}

void check(const CustomerData& customer) {
  if (customer.name.empty()) throw Error(ErrorKind::bad_data, tr("a customer needs a name"));
  if (customer.cvr && customer.kind == CustomerKind::private_person) {
    throw Error(ErrorKind::bad_data, tr("a private customer has no CVR number"),
                tr("create the customer with --business, or leave out --cvr"));
  }
}

std::string parse_tag(std::string_view text) {
  std::string tag = text::clean_line(translatable("tag"), text, 50);
  if (tag.empty() || tag.find(',') != std::string::npos) {
    throw Error(ErrorKind::bad_data, tr("{} is not a tag", text::quoted(text)),
                tr("a tag is a word or two, without commas"));
  }
  return tag;
}

void insert_sorted(std::vector<std::string>& values, const std::string& value) {
  const auto place = std::lower_bound(values.begin(), values.end(), value);
  if (place == values.end() || *place != value) values.insert(place, value);
}

}  // namespace kundehub
