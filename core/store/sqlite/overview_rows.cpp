#include "core/store/sqlite/overview_rows.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include "core/store/sqlite/contact_rows.hpp"
#include "core/store/sqlite/customer_rows.hpp"
#include "core/store/sqlite/filter.hpp"
#include "core/store/sqlite/link_rows.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/store/sqlite/welcome_rows.hpp"

namespace kundehub::sqlite {
namespace {

// A mail to an earlier address says nothing about the present one.
constexpr const char* latest_welcome = R"sql(
  (SELECT max(id) FROM welcome AS one WHERE one.contact_id = contact.id AND one.email_key = contact.email_key)
)sql";

constexpr const char* contact_overview_columns = R"sql(
  customer.number, customer.name, customer.kind, customer.language, customer.hub, customer.hub_changed_at,
  customer.archived_at,
  (SELECT group_concat(module.key, char(10)) FROM customer_module JOIN module ON module.id = module_id
   WHERE customer_id = customer.id),
  (SELECT max(used_at) FROM login_link AS used
   WHERE used.contact_id = contact.id AND used.email_key = contact.email_key),
  {valid_until},
  (SELECT max(coalesce(one.sent_at, one.changed_at)) FROM welcome AS one
   WHERE one.contact_id = link.contact_id AND one.generation = link.generation
     AND (one.link_out_until IS NOT NULL OR one.phase = 2) AND one.state <> 'bounced'),
  {state}, welcome.changed_at,
  (SELECT count(*) FROM welcome AS one WHERE one.contact_id = contact.id AND one.email_key = contact.email_key
     AND one.link_out_until IS NOT NULL),
  (SELECT max(coalesce(one.sent_at, one.changed_at)) FROM welcome AS one
   WHERE one.contact_id = contact.id AND one.email_key = contact.email_key AND one.link_out_until IS NOT NULL),
  (SELECT max(changed_at) FROM welcome AS one WHERE one.contact_id = contact.id
     AND one.email_key = contact.email_key AND one.state = 'bounced'),
  (SELECT iif(ended_by = 'revoked' AND EXISTS (
       SELECT 1 FROM welcome AS one WHERE one.contact_id = latest.contact_id AND one.generation = latest.generation
         AND one.link_out_until IS NOT NULL), ended_at, NULL)
   FROM login_link AS latest WHERE latest.contact_id = contact.id AND latest.email_key = contact.email_key
   ORDER BY latest.generation DESC LIMIT 1)
)sql";

constexpr const char* contact_overview_sql = R"sql(
  SELECT {contact}, {overview} FROM customer JOIN contact ON contact.customer_id = customer.id
  LEFT JOIN login_link AS link ON link.contact_id = contact.id AND link.used_at IS NULL AND link.ended_at IS NULL
    AND link.email_key = contact.email_key
  LEFT JOIN welcome ON welcome.id = {latest}
  WHERE {condition} LIMIT :limit
)sql";

Statement prepare_contacts(Connection& database, const std::string& condition, Time now, std::int64_t limit) {
  const std::string overview =
      fmt::format(fmt::runtime(contact_overview_columns), fmt::arg("valid_until", link_valid_until),
                  fmt::arg("state", effective_welcome_state));
  Statement statement(database, fmt::format(fmt::runtime(contact_overview_sql), fmt::arg("contact", contact_columns),
                                            fmt::arg("overview", overview), fmt::arg("latest", latest_welcome),
                                            fmt::arg("condition", condition)));
  bind_time(statement, ":now", now);
  statement.bind(":limit", limit);
  return statement;
}

ContactOverview read_contact_overview(Statement& statement) {
  const auto column = [&](int offset) { return statement.getColumn(contact_column_count + offset); };
  ContactOverview overview{.contact = read_contact(statement, 0),
                           .customer_number = CustomerNumber::parse(column(0).getString())};
  overview.customer_name = column(1).getString();
  overview.customer_kind = parse_customer_kind(column(2).getString());
  overview.customer_language = parse_language(column(3).getString());
  overview.customer_hub = read_switch(column(4));
  overview.customer_hub_changed_at = read_time(column(5));
  overview.archived_at = read_optional_time(column(6));
  overview.modules = read_lines(column(7));
  overview.way_in = {read_optional_time(column(8)), read_optional_time(column(10)), read_optional_time(column(9)),
                     read_optional_time(column(16))};
  if (!column(12).isNull()) overview.welcome = parse_welcome_state(column(11).getString());
  overview.welcome_at = read_optional_time(column(12));
  overview.sends = column(13).getInt();
  overview.last_sent_at = read_optional_time(column(14));
  overview.bounced_at = read_optional_time(column(15));
  return overview;
}

/// What a list is sorted by.
std::vector<std::string> sort_values(CustomerOrder order) {
  std::vector<std::string> values;
  if (order == CustomerOrder::name) values.emplace_back("danish_sort_key(customer.name)");
  if (order == CustomerOrder::created_at) values.emplace_back("customer.created_at");
  if (order == CustomerOrder::updated_at) values.emplace_back("customer.updated_at");
  values.insert(values.end(), {"length(customer.number)", "customer.number"});
  return values;
}

/// A condition with its order for a page in any order: behind the customer with the number :after.
std::string place_in_order(const CustomerPage& page) {
  const bool descends = page.direction == Direction::descending;
  const auto values = sort_values(page.order);
  std::string place = "TRUE";
  if (page.after) {
    place = fmt::format(
        "({0}) {1} (SELECT {0} FROM customer WHERE length(number) = length(:after) AND number BETWEEN :after AND "
        ":after)",
        fmt::join(values, ", "), descends ? "<" : ">");
  }
  const char* direction = descends ? " DESC" : " ASC";
  return fmt::format("{} ORDER BY {}{}", place, fmt::join(values, fmt::format("{}, ", direction)), direction);
}

/// How many of the customer's contacts are in each state; asked again for each customer of a list.
class WelcomeCounter {
 public:
  WelcomeCounter(Connection& database, Time now)
      : m_statement(database,
                    fmt::format("SELECT {} FROM contact WHERE contact.customer_id = :customer", contact_state())) {
    bind_time(m_statement, ":now", now);
  }

  void count(CustomerOverview& overview) {
    m_statement.reset();
    m_statement.bind(":customer", overview.customer.id.value);
    while (m_statement.executeStep()) {
      ++overview.contacts;
      ++overview.welcome.at(static_cast<std::size_t>(parse_welcome_state(m_statement.getColumn(0).getString())));
    }
  }

 private:
  Statement m_statement;
};

/// Whoever reads slowly must not lock the writers out: rows are read in batches, and visited with no statement open.
constexpr std::int64_t batch_size = 500;

/// Adds up to `limit` customers (-1: all) at `place`: a condition with its order.
void read_customers(Connection& database, const FilterSql& where, const std::string& place, const CustomerPage& page,
                    Time now, std::int64_t limit, std::vector<CustomerOverview>& customers) {
  // The filter may use :now or not, and a parameter that is bound has to occur.
  Statement statement(database, fmt::format("SELECT {} FROM customer WHERE {} AND :now IS NOT NULL AND {} LIMIT :limit",
                                            customer_columns, where.condition(), place));
  where.bind(statement);
  bind_time(statement, ":now", now);
  statement.bind(":limit", limit);
  if (page.after) statement.bind(":after", page.after->text());
  WelcomeCounter counter(database, now);
  while (statement.executeStep()) {
    customers.push_back({.customer = read_customer(statement, 0)});
    counter.count(customers.back());
  }
}

std::vector<CustomerOverview> read_page(Connection& database, const FilterSql& where, const CustomerPage& page,
                                        Time now) {
  std::vector<CustomerOverview> customers;
  if (!page.after || page.order != CustomerOrder::number) {
    read_customers(database, where, place_in_order(page), page, now, page.limit.value_or(-1), customers);
    return customers;
  }
  for (const std::string& place : places_behind(page.direction)) {
    read_customers(database, where, place, page, now, page.limit.value_or(batch_size) - std::ssize(customers),
                   customers);
  }
  return customers;
}

/// Adds contacts at `place`, a condition with its order behind the contact `after`, until there is a batch.
void read_contacts(Connection& database, const CustomerFilter& filter, const std::string& place, Time now,
                   const ContactOverview* after, std::vector<ContactOverview>& contacts) {
  CustomerFilter customers = filter;
  customers.welcome.reset();  // here it is the contact's own state that counts
  const FilterSql where(customers, contact_state());
  std::string condition = where.condition();
  if (filter.welcome) condition += fmt::format(" AND {} = :welcome", contact_state());
  Statement statement = prepare_contacts(database, condition + " AND " + place, now, batch_size - std::ssize(contacts));
  where.bind(statement);
  if (filter.welcome) statement.bind(":welcome", std::string(to_string(*filter.welcome)));
  if (after) statement.bind(":after", after->customer_number.text());
  if (place.find(":contact") != std::string::npos) statement.bind(":contact", after->contact.id.value);
  while (statement.executeStep()) contacts.push_back(read_contact_overview(statement));
}

/// The contacts behind `after`, at most a batch: first those of the same customer.
std::vector<ContactOverview> read_batch(Connection& database, const CustomerFilter& filter, Time now,
                                        const ContactOverview* after) {
  std::vector<ContactOverview> contacts;
  if (!after) {
    read_contacts(database, filter, "TRUE ORDER BY length(customer.number), customer.number, contact.id", now, after,
                  contacts);
    return contacts;
  }
  const auto [same_length, longer] = places_behind(Direction::ascending);
  for (const std::string& place :
       {std::string("length(customer.number) = length(:after) AND customer.number BETWEEN :after AND :after "
                    "AND contact.id > :contact ORDER BY contact.id"),
        same_length + ", contact.id", longer + ", contact.id"}) {
    read_contacts(database, filter, place, now, after, contacts);
  }
  return contacts;
}

}  // namespace

void each_customer(Connection& database, const CustomerFilter& filter, const CustomerPage& page, Time now,
                   const std::function<void(const CustomerOverview&)>& visit) {
  const FilterSql where(filter, contact_state());
  CustomerPage batch = page;
  std::int64_t left = page.limit.value_or(std::numeric_limits<std::int64_t>::max());
  for (;;) {
    // Only numbers can be paged through: another order is read whole.
    if (page.order == CustomerOrder::number) batch.limit = std::min(left, batch_size);
    const auto customers = read_page(database, where, batch, now);
    for (const CustomerOverview& customer : customers) visit(customer);
    left -= std::ssize(customers);
    if (page.order != CustomerOrder::number || std::ssize(customers) < batch_size || left <= 0) return;
    batch.after = customers.back().customer.number;
  }
}

void each_contact(Connection& database, const CustomerFilter& filter, Time now,
                  const std::function<void(const ContactOverview&)>& visit) {
  auto contacts = read_batch(database, filter, now, nullptr);
  while (!contacts.empty()) {
    for (const ContactOverview& contact : contacts) visit(contact);
    if (std::ssize(contacts) < batch_size) return;
    contacts = read_batch(database, filter, now, &contacts.back());
  }
}

std::array<std::string, 2> places_behind(Direction direction) {
  if (direction == Direction::ascending) {
    return {"length(customer.number) = length(:after) AND customer.number > :after ORDER BY customer.number",
            "length(customer.number) > length(:after) ORDER BY length(customer.number), customer.number"};
  }
  return {"length(customer.number) = length(:after) AND customer.number < :after ORDER BY customer.number DESC",
          "length(customer.number) < length(:after) ORDER BY length(customer.number) DESC, customer.number DESC"};
}

std::string contact_state() {
  return fmt::format("ifnull((SELECT {} FROM welcome WHERE welcome.id = {}), 'none')", effective_welcome_state,
                     latest_welcome);
}

std::optional<ContactOverview> select_contact_overview(Connection& database, ContactId id, Time now) {
  Statement statement = prepare_contacts(database, "contact.id = :id", now, 1);
  statement.bind(":id", id.value);
  if (!statement.executeStep()) return std::nullopt;
  return read_contact_overview(statement);
}

}  // namespace kundehub::sqlite
