#include "core/store/sqlite/name_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "core/model/selector.hpp"
#include "core/text/utf8.hpp"

namespace kundehub::sqlite {
namespace {

// Each statement reads a stretch of an index from its beginning, or from its end: {way} is ASC or DESC, {end} min or
// max. Columns: the name, whose it is, and where there are more: the contact's customer, the address as it was typed.

// Not `number = …`: as in customer_rows.cpp. The columns of the index are length and number.
constexpr const char* numbers = R"sql(
  SELECT number, name FROM customer WHERE length(number) = :length AND number >= :low AND number < :high
  ORDER BY number {way} LIMIT :limit)sql";

constexpr const char* customer_ids = R"sql(
  SELECT id, name FROM customer WHERE id BETWEEN :low AND :high ORDER BY id {way} LIMIT :limit)sql";

// What many rows share is one name: each step goes to the next value in the index, over all rows that have this one.
constexpr const char* cvrs = R"sql(
  WITH RECURSIVE one (value) AS (
    SELECT {end}(cvr) FROM customer WHERE cvr >= :low AND cvr < :high
    UNION ALL SELECT (SELECT min(cvr) FROM customer WHERE cvr > value AND cvr < :high) FROM one WHERE value IS NOT NULL
    LIMIT :limit)
  SELECT value, (SELECT iif(count(*) > 1, NULL, name) FROM (SELECT name FROM customer WHERE cvr = value LIMIT 2))
  FROM one WHERE value IS NOT NULL)sql";

constexpr const char* customer_emails = R"sql(
  WITH RECURSIVE one (value) AS (
    SELECT {end}(email_key) FROM customer WHERE email_key >= :low AND email_key < :high
    UNION ALL
    SELECT (SELECT min(email_key) FROM customer WHERE email_key > value AND email_key < :high)
    FROM one WHERE value IS NOT NULL
    LIMIT :limit)
  SELECT value, (SELECT iif(count(*) > 1, NULL, name)
                 FROM (SELECT name FROM customer WHERE email_key = value LIMIT 2)),
    NULL, (SELECT email FROM customer WHERE email_key = value LIMIT 1)
  FROM one WHERE value IS NOT NULL)sql";

constexpr const char* contact_emails = R"sql(
  WITH RECURSIVE one (value) AS (
    SELECT {end}(email_key) FROM contact WHERE email_key >= :low AND email_key < :high
    UNION ALL
    SELECT (SELECT min(email_key) FROM contact WHERE email_key > value AND email_key < :high)
    FROM one WHERE value IS NOT NULL
    LIMIT :limit)
  SELECT value, trim(ifnull(first_name, '') || ' ' || ifnull(last_name, '')),
    iif((SELECT count(*) FROM (SELECT 1 FROM contact WHERE email_key = value LIMIT 2)) > 1, NULL, customer.name),
    contact.email
  FROM one JOIN contact ON contact.id = (SELECT id FROM contact WHERE email_key = value LIMIT 1)
    JOIN customer ON customer.id = contact.customer_id
  WHERE value IS NOT NULL)sql";

constexpr const char* contact_emails_of_customer = R"sql(
  SELECT email_key, trim(ifnull(first_name, '') || ' ' || ifnull(last_name, '')), NULL, email FROM contact
  WHERE customer_id = :customer AND email_key >= :low AND email_key < :high ORDER BY email_key {way} LIMIT :limit)sql";

constexpr const char* contact_ids = R"sql(
  SELECT contact.id, trim(ifnull(first_name, '') || ' ' || ifnull(last_name, '')), customer.name
  FROM contact JOIN customer ON customer.id = contact.customer_id
  WHERE contact.id BETWEEN :low AND :high ORDER BY contact.id {way} LIMIT :limit)sql";

constexpr const char* contact_ids_of_customer = R"sql(
  SELECT id, trim(ifnull(first_name, '') || ' ' || ifnull(last_name, '')) FROM contact
  WHERE customer_id = :customer AND id BETWEEN :low AND :high ORDER BY id {way} LIMIT :limit)sql";

constexpr const char* tags = R"sql(
  WITH RECURSIVE one (value) AS (
    SELECT {end}(tag) FROM customer_tag WHERE tag >= :low AND tag < :high
    UNION ALL
    SELECT (SELECT min(tag) FROM customer_tag WHERE tag > value AND tag < :high) FROM one WHERE value IS NOT NULL
    LIMIT :limit)
  SELECT value FROM one WHERE value IS NOT NULL)sql";

constexpr const char* tags_of_customer = R"sql(
  SELECT tag FROM customer_tag WHERE customer_id = :customer AND tag >= :low AND tag < :high
  ORDER BY tag {way} LIMIT :limit)sql";

constexpr const char* operation_ids = R"sql(
  SELECT id, command FROM operation WHERE id BETWEEN :low AND :high ORDER BY id {way} LIMIT :limit)sql";

using Bind = std::function<void(Statement&)>;

enum class From { begin, end };

/// What is found, stretch by stretch, until there is enough.
class Names {
 public:
  Names(Connection& database, const NameQuery& query) : m_database(database), m_query(query) {}

  void add(const char* sql, Direction direction, const Bind& bind) {
    const std::size_t room = m_query.limit > m_found.size() ? m_query.limit - m_found.size() : 0;
    std::vector<KnownName> some = read(sql, direction, bind, room + 1);
    const bool is_cut = some.size() > room;
    if (is_cut && room > 0) some.pop_back();
    m_found.insert(m_found.end(), some.begin(), some.end());
    if (!is_cut) return;
    for (KnownName& last : read(sql, reverse(direction), bind, 1)) {
      if (last != m_found.back()) m_found.push_back(std::move(last));
    }
  }

  std::vector<KnownName> take() { return std::move(m_found); }

 private:
  static Direction reverse(Direction direction) {
    return direction == Direction::ascending ? Direction::descending : Direction::ascending;
  }

  std::vector<KnownName> read(const char* sql, Direction direction, const Bind& bind, std::size_t limit) {
    const bool is_ascending = direction == Direction::ascending;
    Statement statement(m_database, fmt::format(fmt::runtime(sql), fmt::arg("way", is_ascending ? "ASC" : "DESC"),
                                                fmt::arg("end", is_ascending ? "min" : "max")));
    bind(statement);
    statement.bind(":limit", static_cast<std::int64_t>(limit));
    std::vector<KnownName> some;
    while (statement.executeStep()) some.push_back(read_name(statement));
    return some;
  }

  [[nodiscard]] KnownName read_name(Statement& statement) const {
    const int columns = statement.getColumnCount();
    KnownName found{.name = statement.getColumn(0).getString(), .whose = {}};
    if (columns > 1) found.whose = statement.getColumn(1).getString();
    if (columns > 2) found.customer = statement.getColumn(2).getString();
    if (columns > 3) {
      std::string typed = statement.getColumn(3).getString();
      if (typed.starts_with(m_query.prefix)) found.name = std::move(typed);
    }
    return found;
  }

  Connection& m_database;
  const NameQuery& m_query;
  std::vector<KnownName> m_found;
};

/// Texts that begin with `prefix` lie between it and itself with a byte behind it that UTF-8 never has.
void bind_stretch(Statement& statement, const std::string& prefix) {
  statement.bind(":low", prefix);
  statement.bind(":high", prefix + '\xFF');
}

void add_numbers(Names& names, const std::string& prefix) {
  constexpr std::size_t longest = 32;  // CustomerNumber
  for (std::size_t length = std::max<std::size_t>(prefix.size(), 1); length <= longest; ++length) {
    names.add(numbers, Direction::ascending, [&](Statement& statement) {
      statement.bind(":length", static_cast<std::int64_t>(length));
      bind_stretch(statement, prefix);
    });
  }
}

void add_texts(Names& names, const char* sql, const NameQuery& query) {
  names.add(sql, Direction::ascending, [&](Statement& statement) {
    bind_stretch(statement, query.prefix);
    if (query.customer) statement.bind(":customer", query.customer->value);
  });
}

void add_emails(Names& names, const char* sql, const NameQuery& query) {
  if (!text::is_valid_utf8(query.prefix)) return;
  NameQuery folded = query;
  folded.prefix = text::fold_case(query.prefix);
  add_texts(names, sql, folded);
}

struct IdRange {
  std::int64_t low, high;
};

/// Of the ids whose digits begin with `prefix`: 12, 120 to 129, 1200 to 1299, …
std::vector<IdRange> id_ranges(const std::string& prefix) {
  constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
  if (prefix.empty()) return {{1, greatest}};
  std::int64_t low = 0;
  const auto [end, error] = std::from_chars(prefix.data(), prefix.data() + prefix.size(), low);
  if (error != std::errc() || end != prefix.data() + prefix.size() || low < 1 || prefix.front() == '0') return {};
  std::vector<IdRange> ranges;
  for (std::int64_t high = low;; low *= 10, high = high * 10 + 9) {
    ranges.push_back({low, high});
    if (high > (greatest - 9) / 10) return ranges;
  }
}

void add_ids(Names& names, const char* sql, const NameQuery& query, Direction direction) {
  std::vector<IdRange> ranges = id_ranges(query.prefix);
  if (direction == Direction::descending) std::ranges::reverse(ranges);
  for (const IdRange& range : ranges) {
    names.add(sql, direction, [&](Statement& statement) {
      statement.bind(":low", range.low);
      statement.bind(":high", range.high);
      if (query.customer) statement.bind(":customer", query.customer->value);
    });
  }
}

}  // namespace

std::vector<KnownName> select_names(Connection& database, const NameQuery& query) {
  Names names(database, query);
  NameQuery of_all = query;
  of_all.customer.reset();
  switch (query.kind) {
    case NameKind::customer_number:
      add_numbers(names, query.prefix);
      break;
    case NameKind::customer_id:
      add_ids(names, customer_ids, of_all, Direction::ascending);
      break;
    case NameKind::customer_cvr:
      add_texts(names, cvrs, of_all);
      break;
    case NameKind::customer_email:
      add_emails(names, customer_emails, of_all);
      break;
    case NameKind::contact_email:
      add_emails(names, query.customer ? contact_emails_of_customer : contact_emails, query);
      break;
    case NameKind::contact_id:
      add_ids(names, query.customer ? contact_ids_of_customer : contact_ids, query, Direction::ascending);
      break;
    case NameKind::tag:
      add_texts(names, query.customer ? tags_of_customer : tags, query);
      break;
    case NameKind::operation_id:
      add_ids(names, operation_ids, of_all, Direction::descending);
      break;
  }
  return names.take();
}

}  // namespace kundehub::sqlite
