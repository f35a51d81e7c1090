#include "cli/customer/customer_targets.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/input.hpp"
#include "cli/records.hpp"
#include "core/service/lookup.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {

void add_customer_targets(CLI::App& app, CustomerTargets& targets, FilterSet filters) {
  app.add_option("customer", targets.customers, "number, id:N, cvr:NNNNNNNN or email:ADDRESS")->type_name("CUSTOMER");
  app.add_option("--ids-from", targets.ids_from, "those in this list, one a line (-0: NUL between); - is stdin")
      ->type_name("FILE");
  add_filters(app, targets.filters, filters);
}

void require_one_customer(const CustomerTargets& targets, const std::string& remedy) {
  if (targets.customers.size() == 1 && !targets.ids_from) return;
  throw Error(ErrorKind::usage, tr("--contact goes with one customer only"), remedy);
}

CustomerSelection::CustomerSelection(const CustomerTargets& targets, Session& session, ArchivedFilter archived)
    : m_session(session), m_named(targets.customers) {
  const bool is_named = !targets.customers.empty() || targets.ids_from;
  if (is_named && targets.filters.any())
    throw Error(ErrorKind::usage, tr("customers are either named or selected by filters"),
                tr("leave out the one or the other"));
  if (!is_named && !targets.filters.any()) {
    throw Error(ErrorKind::usage, tr("no customer is named"),
                tr("name them, give a list with --ids-from, or select them: --tag T"));
  }
  if (!is_named) {
    m_filter = targets.filters.filter(session);
    m_filter->archived = archived;
  } else if (targets.ids_from) {
    for (std::string& id : read_ids(session, *targets.ids_from)) m_named.push_back(std::move(id));
  }
  std::set<std::string> seen;
  std::erase_if(m_named, [&](const std::string& name) { return !seen.insert(name).second; });
}

void CustomerSelection::confirm(const std::string& verb) {
  if (!m_filter || m_session.options().yes || m_session.options().dry_run) return;
  m_agreed = 0;
  m_session.store().each_customer(*m_filter, {}, m_session.now(), [&](const CustomerOverview&) { ++*m_agreed; });
  if (*m_agreed > 0) m_session.confirm(fmt::format("{} {}?", verb, count_customers(*m_agreed)));
}

void CustomerSelection::tell_of_nobody(const std::string& why) {
  if (!std::exchange(m_told, true)) m_session.note(why);
}

void SelectedCustomers::each(const std::function<void(const std::string&)>& visit) const {
  for (const std::string& name : names) visit(name);
  for (const CustomerId id : ids) visit(fmt::format("id:{}", id.value));
}

SelectedCustomers CustomerSelection::find(Store& store) {
  if (!m_filter) {
    if (m_named.empty()) tell_of_nobody(tr("the list names no customer"));
    return {m_named, {}};
  }
  SelectedCustomers found;
  store.each_customer(*m_filter, {}, m_session.now(),
                      [&](const CustomerOverview& overview) { found.ids.push_back(overview.customer.id); });
  if (found.ids.empty()) tell_of_nobody(tr("the filters select no customer"));
  if (m_agreed && found.size() > *m_agreed) {
    throw Error(ErrorKind::temporary,
                tr("the filters select more customers now than you agreed to: nothing was changed"),
                tr("run the command again"));
  }
  return found;
}

std::vector<CustomerId> for_each_customer(Operation& operation, Store& store, SelectedCustomers customers,
                                          Refusals& refusals, const std::function<void(const Customer&)>& step) {
  std::set<CustomerId> seen;  // of those that were named: each once, however many of its names were given
  std::vector<CustomerId> done;
  for (const std::string& name : customers.names) {
    refusals.guard([&] {
      const Customer customer = find_customer(store, name);
      if (!seen.insert(customer.id).second) return;
      operation.attempt([&] { step(customer); });
      done.push_back(customer.id);
    });
  }
  // In the store's order, which is many times faster than to and fro.
  std::vector<CustomerId> by_id = customers.ids;
  std::ranges::sort(by_id);
  std::set<CustomerId> refused;
  for (const CustomerId id : by_id) {
    refused.insert(id);
    refusals.guard([&] {
      const Customer customer = find_customer(store, fmt::format("id:{}", id.value));
      operation.attempt([&] { step(customer); });
      refused.erase(id);
    });
  }
  std::erase_if(customers.ids, [&](CustomerId id) { return refused.contains(id); });
  if (done.empty()) return std::move(customers.ids);
  done.insert(done.end(), customers.ids.begin(), customers.ids.end());
  return done;
}

void write_customers(Session& session, Store& store, const std::vector<CustomerId>& customers, std::ostream& out) {
  RecordWriter writer(out, session.options().output, customer_kind, RecordWriter::Shape::many);
  CustomerFilter one;
  one.archived = ArchivedFilter::all;
  for (const CustomerId id : customers) {
    if (!out) break;  // nobody reads it any more
    one.customers = {id};
    store.each_customer(one, {}, session.now(), [&](const CustomerOverview& found) { writer.add(to_record(found)); });
  }
  writer.finish();
}

std::string count_customers(std::size_t count) {
  return tr_n("{} customer", "{} customers", count, count);
}

}  // namespace kundehub::cli
