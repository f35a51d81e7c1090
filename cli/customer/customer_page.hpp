#pragma once

#include "cli/records.hpp"
#include "cli/session.hpp"
#include "core/store/store.hpp"

namespace kundehub::cli {

/// Everything about one customer: its data, its contacts, its latest operations.
Record customer_page(Store& store, CustomerId id, Time now);

/// Prints pages in the chosen format: `table` as a page for people, one object (or an array for several) as JSON.
void print_customer_pages(Session& session, const std::vector<Record>& pages,
                          RecordWriter::Shape shape = RecordWriter::Shape::one);

}  // namespace kundehub::cli
