#include "cli/customer/customer_targets.hpp"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/input.hpp"
#include "cli/records.hpp"
#include "core/service/lookup.hpp"

namespace kundehub::cli {

void add_customer_targets(CLI::App& app, CustomerTargets& targets, FilterSet filters) {
  app.add_option("customer", targets.customers, "number, id:N, cvr:NNNNNNNN or email:ADDRESS")->type_name("CUSTOMER");
  app.add_option("--ids-from", targets.ids_from, "those in this list, one a line (-0: NUL between); - is stdin")
      ->type_name("FILE");
  add_filters(app, targets.filters, filters);
}

void require_one_customer(const CustomerTargets& targets, const std::string& remedy) {
  if (targets.customers.size() == 1 && !targets.ids_from) return;
  throw Error(ErrorKind::usage, "--contact goes with one customer only", remedy);
}

CustomerSelection::CustomerSelection(const CustomerTargets& targets, Session& session, ArchivedFilter archived)
    : m_session(session), m_named(targets.customers) {
  const bool is_named = !targets.customers.empty() || targets.ids_from;
  if (is_named && targets.filters.any())
    throw Error(ErrorKind::usage, "customers are either named or selected by filters",
                "leave out the one or the other");
  if (!is_named && !targets.filters.any()) {
    throw Error(ErrorKind::usage, "no customer is named",
                "name them, give a list with --ids-from, or select them: --tag T");
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

void CustomerSelection::tell_of_nobody(const char* why) {
  if (!std::exchange(m_told, true)) m_session.note(why);
}

std::vector<std::string> CustomerSelection::find(Store& store) {
  if (!m_filter) {
    if (m_named.empty()) tell_of_nobody("the list names no customer");
    return m_named;
  }
  std::vector<std::string> found;
  store.each_customer(*m_filter, {}, m_session.now(), [&](const CustomerOverview& overview) {
    found.push_back(fmt::format("id:{}", overview.customer.id.value));
  });
  if (found.empty()) tell_of_nobody("the filters select no customer");
  if (m_agreed && found.size() > *m_agreed) {
    throw Error(ErrorKind::temporary, "the filters select more customers now than you agreed to: nothing was changed",
                "run the command again");
  }
  return found;
}

std::vector<CustomerId> for_each_customer(Operation& operation, Store& store, const std::vector<std::string>& customers,
                                          Refusals& refusals, const std::function<void(const Customer&)>& step) {
  std::set<CustomerId> seen;
  std::vector<CustomerId> done;
  for (const std::string& selector : customers) {
    refusals.guard([&] {
      const Customer customer = find_customer(store, selector);
      if (!seen.insert(customer.id).second) return;
      operation.attempt([&] { step(customer); });
      done.push_back(customer.id);
    });
  }
  return done;
}

std::vector<Record> customer_records(Session& session, Store& store, const std::vector<CustomerId>& customers) {
  std::vector<Record> records;
  for (const CustomerId id : customers) records.push_back(to_record(find_customer_overview(store, id, session.now())));
  return records;
}

void print_customers(Session& session, const std::vector<Record>& customers) {
  RecordWriter writer(session.out(), session.options().output, customer_kind, RecordWriter::Shape::many);
  for (const Record& customer : customers) writer.add(customer);
  writer.finish();
}

std::string count_customers(std::size_t count) {
  return fmt::format("{} customer{}", count, count == 1 ? "" : "s");
}

}  // namespace kundehub::cli
