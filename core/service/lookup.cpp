#include "core/service/lookup.hpp"

#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/service/similar_numbers.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

constexpr std::size_t candidates_shown = 10;

std::string join_candidates(std::vector<std::string> candidates) {
  const std::size_t more = candidates.size() > candidates_shown ? candidates.size() - candidates_shown : 0;
  candidates.resize(candidates.size() - more);
  return fmt::format("{}{}", fmt::join(candidates, ", "), more > 0 ? tr(" and {} more", more) : "");
}

[[noreturn]] void refuse_ambiguous_contact(Store& store, std::string_view selector, const std::vector<ContactId>& found,
                                           Time now) {
  std::vector<std::string> candidates;
  for (const ContactId id : found) {
    const auto contact = store.contact(id, now);
    if (!contact) continue;  // deleted meanwhile
    candidates.push_back(
        tr("contact:{} at customer {} ({})", id.value, contact->customer_number.text(), contact->customer_name));
  }
  throw Error(
      ErrorKind::conflict,
      tr("{} is a contact of several customers: {}", text::quoted(selector), join_candidates(std::move(candidates))),
      tr("name the contact as contact:N, or add --customer NUMBER"));
}

/// A command that takes a customer was given a contact, or the number of a customer that is merged into another.
std::string customer_hint(Store& store, std::string_view selector) {
  if (!names_contact(selector)) {
    const CustomerSelector meant = parse_customer_selector(selector);
    const auto* number = std::get_if<CustomerNumber>(&meant);
    const auto into = number ? store.merged_into(*number) : std::nullopt;
    if (into) return tr("it was merged into customer {}", name_customers(store, {*into}));
    const auto similar = number ? similar_numbers(store, *number) : std::vector<std::string>{};
    return similar.empty() ? "kundehub customer list" : tr("did you mean {}", fmt::join(similar, tr(" or ")));
  }
  const auto found = store.find_contacts(parse_contact_selector(selector), std::nullopt);
  if (found.empty()) return "kundehub customer list";
  std::set<CustomerId> customers;
  for (const ContactId id : found) {
    if (const auto contact = store.contact(id, Time{})) customers.insert(contact->contact.customer);
  }
  return tr("that is a contact of customer {}",
            name_customers(store, std::vector<CustomerId>(customers.begin(), customers.end())));
}

}  // namespace

CustomerId find_past_customer(Store& store, std::string_view selector) {
  const CustomerSelector parsed = parse_customer_selector(selector);
  if (const auto* id = std::get_if<CustomerId>(&parsed)) {
    bool is_known = false;
    store.each_operation({.customer = *id}, 1, [&](const OperationEntry&) { is_known = true; });
    if (is_known) return *id;
  }
  if (const auto* number = std::get_if<CustomerNumber>(&parsed); number && store.find_customers(parsed).empty()) {
    if (const auto deleted = store.find_deleted_customers(*number); !deleted.empty()) return deleted.front();
  }
  return find_customer(store, selector).id;
}

OperationEntry find_operation(Store& store, std::string_view selector) {
  const OperationId id = parse_operation_selector(selector);
  if (auto found = store.operation(id)) return *std::move(found);
  throw Error(ErrorKind::not_found, tr("no operation op:{}", id.value), "kundehub log");
}

std::string name_customers(Store& store, const std::vector<CustomerId>& customers) {
  std::vector<std::string> names;
  for (const CustomerId id : customers) {
    const auto customer = store.customer(id);
    if (!customer) continue;  // deleted meanwhile
    names.push_back(fmt::format("{} ({})", customer->number.text(), customer->data.name));
  }
  return join_candidates(std::move(names));
}

Customer find_customer(Store& store, std::string_view selector) {
  const auto found = store.find_customers(parse_customer_selector(selector));
  if (found.size() > 1) {
    throw Error(ErrorKind::conflict,
                tr("{} names several customers: {}", text::quoted(selector), name_customers(store, found)),
                tr("name the customer by number"));
  }
  auto customer = found.empty() ? std::nullopt : store.customer(found.front());
  if (!customer) {
    throw Error(ErrorKind::not_found, tr("no customer {}", text::quoted(selector)), customer_hint(store, selector));
  }
  return *customer;
}

CustomerOverview find_customer_overview(Store& store, CustomerId id, Time now) {
  CustomerFilter filter;
  filter.customers = {id};
  filter.archived = ArchivedFilter::all;
  std::optional<CustomerOverview> found;
  store.each_customer(filter, {}, now, [&](const CustomerOverview& customer) { found = customer; });
  if (!found) throw Error(ErrorKind::not_found, tr("no customer id:{}", id.value), "kundehub customer list");
  return *found;
}

ContactOverview find_contact(Store& store, std::string_view selector, std::optional<CustomerId> customer, Time now) {
  const auto found = store.find_contacts(parse_contact_selector(selector), customer);
  if (found.size() > 1) refuse_ambiguous_contact(store, selector, found, now);
  auto contact = found.empty() ? std::nullopt : store.contact(found.front(), now);
  if (contact) return *contact;
  const auto elsewhere =
      customer ? store.find_contacts(parse_contact_selector(selector), std::nullopt) : std::vector<ContactId>{};
  throw Error(ErrorKind::not_found,
              customer ? tr("no contact {} at this customer", text::quoted(selector))
                       : tr("no contact {}", text::quoted(selector)),
              elsewhere.empty() ? "kundehub contact list" : customer_hint(store, selector));
}

}  // namespace kundehub
