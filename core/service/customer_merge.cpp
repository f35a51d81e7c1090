#include "core/service/customer_merge.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/model/access.hpp"
#include "core/model/error.hpp"
#include "core/service/contacts.hpp"
#include "core/service/customers.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

bool is_private(const Customer& customer) {
  return customer.data.kind == CustomerKind::private_person;
}

/// A person's own fields stay the contact's where the person becomes a contact of a business.
bool is_merged(const Customer& from, const Customer& into, std::string_view field) {
  if (field == "name" || field == "notes") return false;
  const bool becomes_contact = is_private(from) && !is_private(into);
  return !becomes_contact || (field != "email" && field != "phone" && field != "language");
}

HubSwitch access_of(const Customer& customer) {
  return customer.archived_at ? HubSwitch::off : customer.data.hub;
}

template <class Fields, class Data, class Filter>
void add_conflicts(const Fields& fields, const Data& from, const Data& into, const std::string& prefix,
                   const Filter& counts, std::vector<MergeConflict>& found) {
  for (const auto& field : fields) {
    const std::string a = field.get(from), b = field.get(into);
    if (counts(field.name) && !a.empty() && !b.empty() && a != b)
      found.push_back({prefix + std::string(field.name), a, b});
  }
}

template <class Fields, class Data, class Filter>
void merge_fields(const Fields& fields, const Data& from, Data& into, MergeSide preferred, const Filter& counts) {
  for (const auto& field : fields) {
    const std::string text = field.get(from);
    const bool wins = preferred == MergeSide::from || field.get(into).empty();
    if (counts(field.name) && !text.empty() && wins) field.set(into, text);
  }
}

bool is_not_email(std::string_view field) {
  return field != "email";
}

CustomerData merged_data(const Customer& from, const Customer& into, MergeSide preferred) {
  CustomerData data = into.data;
  merge_fields(customer_fields(), from.data, data, preferred,
               [&](std::string_view field) { return is_merged(from, into, field); });
  if (data.notes != from.data.notes && !from.data.notes.empty())
    data.notes += (data.notes.empty() ? "" : "\n") + from.data.notes;
  for (const std::string& tag : from.data.tags) insert_sorted(data.tags, tag);
  for (const std::string& module : from.data.modules) insert_sorted(data.modules, module);
  if (preferred == MergeSide::from && access_of(from) == HubSwitch::on) data.hub = HubSwitch::on;
  return data;
}

const ContactOverview* find_twin(const std::vector<ContactOverview>& contacts, const ContactOverview& contact) {
  const auto& email = contact.contact.data.email;
  const auto found = std::ranges::find_if(contacts, [&](const ContactOverview& other) {
    return email && other.contact.data.email && *other.contact.data.email == *email;
  });
  return found == contacts.end() ? nullptr : &*found;
}

/// How well a contact gets in: a used link counts for good, one that is out for a while, one that waits in the queue
/// will be out.
int way_in_rank(const ContactOverview& contact, Time now) {
  if (contact.way_in.used_at) return 3;
  if (contact.way_in.valid_until && *contact.way_in.valid_until > now) return 2;
  return is_pending(contact.welcome) ? 1 : 0;
}

class Merge {
 public:
  Merge(Operation& operation, Store& store, const Customer& from, const Customer& into, MergeSide preferred)
      : m_operation(operation),
        m_from(from),
        m_into(into),
        m_preferred(preferred),
        m_moving(contacts_of(store, from.id, operation.at())),
        m_store(store) {}

  void run() {
    edit_customer(m_operation, m_store, m_into, merged_data(m_from, m_into, m_preferred));
    m_hub = m_store.customer(m_into.id)->data.hub;
    m_present = contacts_of(m_store, m_into.id, m_operation.at());  // a person's address may be another one now
    if (!is_private(m_into)) keep_out(m_present, m_into);
    for (const ContactOverview& contact : m_moving) {
      if (const ContactOverview* twin = find_twin(m_present, contact)) {
        unite(contact, *twin);
      } else if (!is_private(m_into)) {
        move(contact);
      } else {
        m_operation.move_logins(contact.contact.id, m_present.front().contact.id);  // a person has one contact (R1)
      }
    }
    if (!is_private(m_into)) appoint_primary();
    m_operation.delete_merged_customer(m_from.id, m_into.id);
  }

 private:
  /// The customer's switch let nobody in, and no longer is what keeps these people out.
  void keep_out(const std::vector<ContactOverview>& contacts, const Customer& side) {
    if (access_of(side) == HubSwitch::on || m_hub == HubSwitch::off) return;
    for (const ContactOverview& contact : contacts) {
      ContactData data = m_store.contact(contact.contact.id, m_operation.at())->contact.data;
      data.hub = HubSwitch::off;
      m_operation.change_contact(contact.contact.id, data);
    }
  }

  void move(const ContactOverview& contact) {
    m_operation.move_contact(contact.contact.id, m_into.id);
    if (m_hub == HubSwitch::off) end_invitation(m_operation, contact.contact.id, LinkEnd::revoked);
    keep_out({contact}, m_from);
  }

  /// A business that had no contact has some now.
  void appoint_primary() {
    const auto contacts = contacts_of(m_store, m_into.id, m_operation.at());
    const auto is_primary = [](const ContactOverview& contact) { return contact.contact.data.primary; };
    if (contacts.empty() || std::ranges::any_of(contacts, is_primary)) return;
    ContactData data = contacts.front().contact.data;
    data.primary = true;
    m_operation.change_contact(contacts.front().contact.id, data);
  }

  /// One person at both: what the contact at `into` may do stays. A way in from where the person had no access stays
  /// behind: with the switch of the one and the link of the other nobody is to get in who got in nowhere (R15).
  void unite(const ContactOverview& moving, const ContactOverview& present) {
    const bool had_access = access_of(m_from) == HubSwitch::on && moving.contact.data.hub == HubSwitch::on;
    const bool keeps_moving =
        had_access && way_in_rank(moving, m_operation.at()) > way_in_rank(present, m_operation.at());
    ContactData data = m_store.contact(present.contact.id, m_operation.at())->contact.data;
    if (!is_private(m_into)) merge_fields(contact_fields(), moving.contact.data, data, m_preferred, is_not_email);
    const ContactId kept = keeps_moving ? moving.contact.id : present.contact.id;
    m_operation.move_logins(keeps_moving ? present.contact.id : moving.contact.id, kept);
    if (keeps_moving) {
      m_operation.delete_contact(present.contact.id);
      m_operation.move_contact(moving.contact.id, m_into.id);
    }
    m_operation.change_contact(kept, data);
    if (data.hub == HubSwitch::off || m_hub == HubSwitch::off) end_invitation(m_operation, kept, LinkEnd::revoked);
  }

  Operation& m_operation;
  const Customer &m_from, &m_into;
  MergeSide m_preferred;
  std::vector<ContactOverview> m_moving, m_present;
  Store& m_store;
  HubSwitch m_hub = HubSwitch::off;  ///< of the customer that they become
};

}  // namespace

void check_mergeable(Store& store, const Customer& from, const Customer& into, Time now) {
  const std::string &source = from.number.text(), &target = into.number.text();
  if (from.id == into.id)
    throw Error(ErrorKind::conflict, tr("customer {} cannot go into itself", source), tr("name two customers"));
  if (into.archived_at) {
    throw Error(ErrorKind::conflict, tr("customer {} is archived", target),
                fmt::format("kundehub customer unarchive {}", target));
  }
  if (is_private(into) && !is_private(from)) {
    throw Error(ErrorKind::conflict,
                tr("customer {} is private, and a business cannot go into a private customer", target),
                fmt::format("kundehub customer convert {} --to business", target));
  }
  if (!is_private(from) || is_private(into)) return;
  try {
    for (const ContactOverview& contact : contacts_of(store, from.id, now))
      check_business_contact(contact.contact.data);
  } catch (const Error& error) {
    throw Error(ErrorKind::bad_data, tr("customer {} cannot become a contact of {}: {}", source, target, error.what()),
                fmt::format("kundehub customer edit {} --name \"First Last\" --email name@example.dk", source));
  }
}

std::vector<MergeConflict> merge_conflicts(Store& store, const Customer& from, const Customer& into, Time now) {
  std::vector<MergeConflict> found;
  add_conflicts(
      customer_fields(), from.data, into.data, "", [&](std::string_view field) { return is_merged(from, into, field); },
      found);
  if (access_of(from) == HubSwitch::on && into.data.hub == HubSwitch::off) found.push_back({"hub", "on", "off"});
  if (is_private(into)) return found;
  const auto present = contacts_of(store, into.id, now);
  for (const ContactOverview& contact : contacts_of(store, from.id, now)) {
    const ContactOverview* twin = find_twin(present, contact);
    if (!twin) continue;
    add_conflicts(contact_fields(), contact.contact.data, twin->contact.data, contact.contact.data.email->text() + ": ",
                  is_not_email, found);
  }
  return found;
}

void merge_customers(Operation& operation, Store& store, const Customer& from, const Customer& into,
                     MergeSide preferred) {
  check_mergeable(store, from, into, operation.at());
  Merge(operation, store, from, into, preferred).run();
}

}  // namespace kundehub
