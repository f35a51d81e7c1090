#pragma once

#include <optional>

#include "cli/records.hpp"
#include "cli/session.hpp"
#include "core/store/store.hpp"

namespace kundehub::cli {

/// Everything about one customer: its data, its contacts, its latest operations. Throws Error{not_found} for an id that
/// is none.
Record customer_page(Store& store, CustomerId id, Time now);
Record customer_page(Store& store, const Customer& customer, Time now);

/// Prints pages in the chosen format: `table` as a page for people, one object (or an array for several) as JSON.
class CustomerPages {
 public:
  CustomerPages(Session& session, RecordWriter::Shape shape);

  void add(const Record& page);

  /// Must be called once.
  void finish();

 private:
  Session& m_session;
  std::optional<RecordWriter> m_records;  ///< absent: pages for people
  bool m_is_first = true;
};

/// One page.
void print_customer_page(Session& session, const Record& page);

}  // namespace kundehub::cli
