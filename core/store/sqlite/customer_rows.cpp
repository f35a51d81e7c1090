#include "core/store/sqlite/customer_rows.hpp"

#include <string>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/model/error.hpp"
#include "core/store/sqlite/module_rows.hpp"
#include "core/store/sqlite/values.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {

const char* const customer_columns = R"sql(
  customer.id, customer.number, customer.kind, customer.name, customer.cvr, customer.email, customer.phone,
  customer.address, customer.zip, customer.city, customer.country, customer.language, customer.website, customer.notes,
  customer.hub, customer.hub_changed_at, customer.created_at, customer.updated_at, customer.archived_at,
  (SELECT group_concat(tag, char(10)) FROM customer_tag WHERE customer_id = customer.id),
  (SELECT group_concat(module.key, char(10)) FROM customer_module JOIN module ON module.id = module_id
   WHERE customer_id = customer.id)
)sql";

namespace {

constexpr const char* insert_sql = R"sql(
  INSERT INTO customer (number, kind, name, cvr, email, email_key, phone, address, zip, city, country, language,
                        website, notes, hub, hub_changed_at, created_at, updated_at)
  VALUES (:number, :kind, :name, :cvr, :email, :email_key, :phone, :address, :zip, :city, :country, :language,
          :website, :notes, :hub, :now, :now, :now)
)sql";

// SQLite writes the entry of an index anew when its column is set, whatever to: half of the work of most changes.
constexpr const char* update_sql = R"sql(
  UPDATE customer SET {} kind = :kind, name = :name, email = :email, phone = :phone, address = :address, zip = :zip,
    city = :city, country = :country, language = :language, website = :website,
    notes = :notes, hub_changed_at = iif(hub = :hub, hub_changed_at, :now), hub = :hub, updated_at = :now
  WHERE id = :id
)sql";

constexpr const char* take_number = R"sql(
  UPDATE setting SET value = value + 1 WHERE key = 'last_customer_number' RETURNING value
)sql";

constexpr const char* pass_number = R"sql(
  UPDATE setting SET value = :number WHERE key = 'last_customer_number' AND value < :number
)sql";

// Not `number = :number`: SQLite would put that into length(number) too, and no longer find its place in the index.
constexpr const char* number_exists = R"sql(
  SELECT 1 FROM customer WHERE length(number) = length(:number) AND number BETWEEN :number AND :number
)sql";

constexpr const char* delete_tags = "DELETE FROM customer_tag WHERE customer_id = :customer";
constexpr const char* insert_tag = "INSERT INTO customer_tag (customer_id, tag) VALUES (:customer, :tag)";

constexpr const char* archive_sql = "UPDATE customer SET archived_at = :at, updated_at = :now WHERE id = :id";

constexpr const char* insert_merged = R"sql(
  INSERT INTO merged_customer (id, number, into_id) SELECT id, number, :into FROM customer WHERE id = :id
)sql";

constexpr const char* by_number = R"sql(
  SELECT id FROM customer WHERE length(number) = length(:value) AND number BETWEEN :value AND :value
)sql";
constexpr const char* by_id = "SELECT id FROM customer WHERE id = :value";
constexpr const char* by_cvr = "SELECT id FROM customer WHERE cvr = :value ORDER BY length(number), number";
constexpr const char* by_email = "SELECT id FROM customer WHERE email_key = :value ORDER BY length(number), number";

/// The columns that indexes are for.
void bind_keys(Statement& statement, const CustomerData& customer) {
  bind_text(statement, ":cvr", customer.cvr ? customer.cvr->text() : std::string());
  bind_text(statement, ":email_key", customer.email ? customer.email->key() : std::string());
}

void bind_data(Statement& statement, const CustomerData& customer) {
  statement.bind(":kind", std::string(to_string(customer.kind)));
  statement.bind(":name", customer.name);
  bind_text(statement, ":email", customer.email ? customer.email->text() : std::string());
  bind_text(statement, ":phone", customer.phone);
  bind_text(statement, ":address", customer.address);
  bind_text(statement, ":zip", customer.zip);
  bind_text(statement, ":city", customer.city);
  statement.bind(":country", customer.country.text());
  statement.bind(":language", std::string(to_string(customer.language)));
  bind_text(statement, ":website", customer.website);
  bind_text(statement, ":notes", customer.notes);
  statement.bind(":hub", to_int(customer.hub));
}

bool is_taken(Connection& database, const std::string& number) {
  Statement statement(database, number_exists);
  statement.bind(":number", number);
  return statement.executeStep();
}

/// The next number of the counter that no customer has.
CustomerNumber next_number(Connection& database) {
  for (;;) {
    Statement statement(database, take_number);
    statement.executeStep();
    const CustomerNumber number = CustomerNumber::from_counter(statement.getColumn(0).getInt64());
    statement.reset();
    if (!is_taken(database, number.text())) return number;
  }
}

/// The counter goes on behind the highest number that was given by hand.
void claim_number(Connection& database, const CustomerNumber& number) {
  if (is_taken(database, number.text())) {
    throw Error(ErrorKind::conflict, tr("there is a customer {} already", number.text()),
                fmt::format("kundehub customer show {}", number.text()));
  }
  const auto value = number.counter_value();
  if (!value) return;
  Statement statement(database, pass_number);
  statement.bind(":number", *value);
  statement.exec();
}

void replace_tags(Connection& database, CustomerId customer, const std::vector<std::string>& tags) {
  Statement clear(database, delete_tags);
  clear.bind(":customer", customer.value);
  clear.exec();
  for (const std::string& tag : tags) {
    Statement insert(database, insert_tag);
    insert.bind(":customer", customer.value);
    insert.bind(":tag", tag);
    insert.exec();
  }
}

}  // namespace

Customer read_customer(Statement& statement, int first) {
  const auto column = [&](int offset) { return statement.getColumn(first + offset); };
  CustomerData data;
  data.kind = parse_customer_kind(column(2).getString());
  data.name = column(3).getString();
  if (!column(4).isNull()) data.cvr = Cvr::parse(column(4).getString());
  data.email = read_email(column(5));
  data.phone = column(6).getString();
  data.address = column(7).getString();
  data.zip = column(8).getString();
  data.city = column(9).getString();
  data.country = Country::parse(column(10).getString());
  data.language = parse_language(column(11).getString());
  data.website = column(12).getString();
  data.notes = column(13).getString();
  data.hub = read_switch(column(14));
  data.tags = read_lines(column(19));
  data.modules = read_lines(column(20));
  return {.id = CustomerId{column(0).getInt64()},
          .number = CustomerNumber::parse(column(1).getString()),
          .data = std::move(data),
          .hub_changed_at = read_time(column(15)),
          .created_at = read_time(column(16)),
          .updated_at = read_time(column(17)),
          .archived_at = read_optional_time(column(18))};
}

CustomerId insert_customer(Connection& database, const CustomerData& customer,
                           const std::optional<CustomerNumber>& number, Time now) {
  if (number) claim_number(database, *number);
  Statement statement(database, insert_sql);
  bind_keys(statement, customer);
  bind_data(statement, customer);
  statement.bind(":number", (number ? *number : next_number(database)).text());
  bind_time(statement, ":now", now);
  statement.exec();
  const CustomerId id{database.getLastInsertRowid()};
  replace_tags(database, id, customer.tags);
  replace_customer_modules(database, id, customer.modules);
  return id;
}

void update_customer(Connection& database, const Customer& present, const CustomerData& customer, Time now) {
  const bool has_keys = present.data.cvr == customer.cvr && present.data.email == customer.email;
  Statement statement(database,
                      fmt::format(fmt::runtime(update_sql), has_keys ? "" : "cvr = :cvr, email_key = :email_key,"));
  if (!has_keys) bind_keys(statement, customer);
  bind_data(statement, customer);
  statement.bind(":id", present.id.value);
  bind_time(statement, ":now", now);
  statement.exec();
  if (present.data.tags != customer.tags) replace_tags(database, present.id, customer.tags);
  if (present.data.modules != customer.modules) replace_customer_modules(database, present.id, customer.modules);
}

void set_archived(Connection& database, CustomerId id, const std::optional<Time>& at, Time now) {
  Statement statement(database, archive_sql);
  statement.bind(":id", id.value);
  bind_time(statement, ":now", now);
  bind_time(statement, ":at", at);
  statement.exec();
}

void delete_customer(Connection& database, CustomerId id) {
  Statement statement(database, "DELETE FROM customer WHERE id = :id");
  statement.bind(":id", id.value);
  statement.exec();
}

void insert_merged_customer(Connection& database, CustomerId id, CustomerId into) {
  // What was merged into this one before goes along.
  Statement earlier(database, "UPDATE merged_customer SET into_id = :into WHERE into_id = :id");
  earlier.bind(":id", id.value);
  earlier.bind(":into", into.value);
  earlier.exec();
  Statement statement(database, insert_merged);
  statement.bind(":id", id.value);
  statement.bind(":into", into.value);
  statement.exec();
}

std::optional<CustomerId> select_merged_into(Connection& database, const CustomerNumber& number) {
  Statement statement(database, "SELECT into_id FROM merged_customer WHERE number = :number ORDER BY id DESC");
  statement.bind(":number", number.text());
  if (!statement.executeStep()) return std::nullopt;
  return CustomerId{statement.getColumn(0).getInt64()};
}

std::optional<Customer> select_customer(Connection& database, CustomerId id) {
  Statement statement(database, fmt::format("SELECT {} FROM customer WHERE id = :id", customer_columns));
  statement.bind(":id", id.value);
  if (!statement.executeStep()) return std::nullopt;
  return read_customer(statement, 0);
}

std::vector<CustomerId> find_customers(Connection& database, const CustomerSelector& selector) {
  constexpr const char* statements[] = {by_number, by_id, by_cvr, by_email};
  Statement statement(database, statements[selector.index()]);
  if (const auto* number = std::get_if<CustomerNumber>(&selector)) statement.bind(":value", number->text());
  if (const auto* id = std::get_if<CustomerId>(&selector)) statement.bind(":value", id->value);
  if (const auto* cvr = std::get_if<Cvr>(&selector)) statement.bind(":value", cvr->text());
  if (const auto* email = std::get_if<EmailAddress>(&selector)) statement.bind(":value", email->key());
  std::vector<CustomerId> found;
  while (statement.executeStep()) found.push_back(CustomerId{statement.getColumn(0).getInt64()});
  return found;
}

}  // namespace kundehub::sqlite
