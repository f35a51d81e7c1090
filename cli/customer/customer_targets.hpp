#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/options.hpp"
#include "cli/refusals.hpp"
#include "cli/session.hpp"
#include "core/model/customer.hpp"
#include "core/store/operation.hpp"
#include "core/store/store.hpp"

/// Which customers a command is for that takes several of them.
namespace kundehub::cli {

/// Named on the command line, in a list of ids, or selected by the list filters.
struct CustomerTargets {
  std::vector<std::string> customers;
  std::optional<std::string> ids_from;
  FilterOptions filters;
};

/// `CUSTOMER... | --ids-from FILE | FILTERS`.
void add_customer_targets(CLI::App& app, CustomerTargets& targets, FilterSet filters = FilterSet::all);

/// For what concerns one customer only. Throws Error{usage} with the remedy unless just one customer is named.
void require_one_customer(const CustomerTargets& targets, const std::string& remedy);

/// Customers that a command works on, one after the other: as they were named, or the ids of those that filters select.
struct SelectedCustomers {
  std::vector<std::string> names;
  std::vector<CustomerId> ids;

  [[nodiscard]] std::size_t size() const { return names.size() + ids.size(); }

  /// Calls `visit` with each as find_customer takes it.
  void each(const std::function<void(const std::string&)>& visit) const;
};

/// The customers of one run of a command.
class CustomerSelection {
 public:
  /// Reads the list of ids. `archived`: which customers the filters look at. Throws Error{usage} if nobody is named or
  /// selected, or both, and as read_ids.
  CustomerSelection(const CustomerTargets& targets, Session& session, ArchivedFilter archived = ArchivedFilter::active);

  /// Asks before a change of what filters select; `verb` is what is done: "Archive". Throws Error{unconfirmed}.
  void confirm(const std::string& verb);

  /// Throws Error{temporary} if they are more than was agreed to.
  SelectedCustomers find(Store& store);

 private:
  void tell_of_nobody(const std::string& why);

  Session& m_session;
  std::optional<CustomerFilter> m_filter;
  std::vector<std::string> m_named;
  std::optional<std::size_t> m_agreed;
  bool m_told = false;  ///< that there is nobody
};

/// Runs `step` for each of these customers, once: as they were named, or in the store's order, in which refusals are
/// told then. Who is unknown or refused is told and counted, and what the step had changed until then is taken back.
/// Returns those for whom it ran through, as they were named or selected.
std::vector<CustomerId> for_each_customer(Operation& operation, Store& store, SelectedCustomers customers,
                                          Refusals& refusals, const std::function<void(const Customer&)>& step);

/// Prints them to `out` as `customer list` shows them.
void write_customers(Session& session, Store& store, const std::vector<CustomerId>& customers, std::ostream& out);

/// "1 customer", "40 customers".
std::string count_customers(std::size_t count);

}  // namespace kundehub::cli
