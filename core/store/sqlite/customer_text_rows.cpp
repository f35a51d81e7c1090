#include "core/store/sqlite/customer_text_rows.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <iterator>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/store/sqlite/filter.hpp"
#include "core/store/sqlite/overview_rows.hpp"
#include "core/store/sqlite/values.hpp"

namespace kundehub::sqlite {
namespace {

/// Whoever reads slowly must not lock the writers out: rows are read in batches, and visited with no statement open.
constexpr int batch_size = 500;

// The columns of CustomerText.
constexpr const char* select_customer = R"sql(
  SELECT number, kind, name, cvr, email, phone, address, zip, city, country, language, website, notes,
    (SELECT group_concat(tag, ',') FROM customer_tag WHERE customer_id = customer.id),
    iif(hub, 'on', 'off'),
    (SELECT group_concat(key, ',') FROM customer_module JOIN module ON module.id = module_id
     WHERE customer_id = customer.id)
  FROM customer WHERE id = :id AND :now IS NOT NULL AND {}
)sql";

constexpr const char* select_ids = "SELECT id, number FROM customer WHERE {} AND :now IS NOT NULL AND {} LIMIT :limit";

constexpr const char* select_contacts = R"sql(
  SELECT first_name, last_name, email, phone, title, language, iif(hub, 'on', 'off'), iif(is_primary, 'yes', NULL)
  FROM contact WHERE customer_id = :customer ORDER BY id
)sql";

/// Puts the list that begins at `start` in order: most have one element or none, which SQL would sort all the same.
void sort_list(std::string& text, std::size_t start) {
  if (text.find(',', start) == std::string::npos) return;
  std::vector<std::string> elements;
  for (std::size_t at = start; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    elements.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(elements);
  text.resize(start);
  text += fmt::format("{}", fmt::join(elements, ","));
}

/// The texts of a batch, one behind the other, so that a row costs no memory of its own.
class Batch {
 public:
  void clear() {
    m_text.clear();
    m_ends.clear();
    m_contacts.clear();
  }

  template <class Columns>
  void add_columns(Statement& statement, const Columns& columns) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const auto value = statement.getColumn(static_cast<int>(column));
      const std::size_t start = m_text.size();
      m_text.append(value.getText(""), static_cast<std::size_t>(value.getBytes()));
      if (columns[column] == "tags" || columns[column] == "modules") sort_list(m_text, start);
      m_ends.push_back(m_text.size());
    }
  }

  /// Called once for each customer, after its contacts.
  void end_customer(std::size_t contacts) { m_contacts.push_back(contacts); }

  void visit(const std::function<void(const CustomerText&)>& visitor) const {
    std::size_t cell = 0;
    CustomerText row;
    for (const std::size_t contacts : m_contacts) {
      row.contacts.resize(contacts);
      take(row.customer, cell);
      for (ContactColumns& contact : row.contacts) take(contact, cell);
      visitor(row);
    }
  }

 private:
  template <class Columns>
  void take(Columns& columns, std::size_t& cell) const {
    for (std::string_view& column : columns) {
      const std::size_t start = cell == 0 ? 0 : m_ends[cell - 1];
      column = std::string_view(m_text).substr(start, m_ends[cell] - start);
      ++cell;
    }
  }

  std::string m_text;
  std::vector<std::size_t> m_ends, m_contacts;
};

std::size_t add_contacts(Connection& database, std::int64_t customer, Batch& batch) {
  Statement statement(database, select_contacts);
  statement.bind(":customer", customer);
  std::size_t contacts = 0;
  for (; statement.executeStep(); ++contacts) batch.add_columns(statement, contact_text_columns);
  return contacts;
}

/// What is read, and when.
struct Selection {
  const CustomerFilter& filter;
  ContactsToo contacts;
  Time now;
};

/// True if the filter looks at a customer's own row only: then it costs least when that is read anyway.
bool is_of_row(const CustomerFilter& filter) {
  return filter.customers.empty() && filter.tags.empty() && !filter.module && !filter.welcome;
}

CustomerFilter filter_of_ids(const CustomerFilter& filter) {
  CustomerFilter every;
  every.archived = ArchivedFilter::all;
  return is_of_row(filter) ? every : filter;
}

/// What is looked at again when the row is read: it may have changed since its id was.
CustomerFilter filter_of_rows(CustomerFilter filter) {
  filter.customers.clear();
  filter.tags.clear();
  filter.module.reset();
  filter.welcome.reset();
  return filter;
}

/// The ids of the customers in the order of their numbers.
class Ids {
 public:
  explicit Ids(const Selection& selection)
      : m_where(filter_of_ids(selection.filter), contact_state()), m_now(selection.now) {}

  /// The next ones, as many as a batch holds; fewer, or none, at the end.
  std::vector<std::int64_t> take(Connection& database) {
    if (m_page.empty()) read_page(database);
    const std::size_t count = std::min<std::size_t>(batch_size, m_page.size());
    const auto first = m_page.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<std::int64_t> ids(std::make_reverse_iterator(m_page.end()), std::make_reverse_iterator(first));
    m_page.erase(first, m_page.end());
    return ids;
  }

 private:
  void read_page(Connection& database) {
    constexpr std::int64_t page_size = 20L * batch_size;
    for (const std::string& place : places_behind(Direction::ascending)) {
      Statement statement(database, fmt::format(fmt::runtime(select_ids), m_where.condition(), place));
      m_where.bind(statement);
      bind_time(statement, ":now", m_now);
      statement.bind(":after", m_after);
      statement.bind(":limit", page_size - std::ssize(m_page));
      while (statement.executeStep()) {
        m_page.push_back(statement.getColumn(0).getInt64());
        m_after = statement.getColumn(1).getString();
      }
    }
    std::ranges::reverse(m_page);
  }

  FilterSql m_where;
  Time m_now;
  std::vector<std::int64_t> m_page;  ///< the next one last
  std::string m_after;
};

/// Alone, or within one that is open already.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& database) : m_database(database) { m_database.exec("SAVEPOINT reading"); }
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction() { m_database.tryExec("RELEASE reading"); }

 private:
  Connection& m_database;
};

void read_customers(Connection& database, const Selection& selection, const std::vector<std::int64_t>& ids,
                    Batch& batch) {
  const FilterSql where(filter_of_rows(selection.filter), contact_state());
  Statement statement(database, fmt::format(fmt::runtime(select_customer), where.condition()));
  where.bind(statement);
  bind_time(statement, ":now", selection.now);
  batch.clear();
  const ReadTransaction reading(database);  // one for all: each has its locks to take
  for (const std::int64_t id : ids) {
    statement.reset();
    statement.bind(":id", id);
    if (!statement.executeStep()) continue;  // not selected, or gone meanwhile
    batch.add_columns(statement, customer_text_columns);
    const bool is_business = statement.getColumn(1).getString() == "business";
    const bool has_contacts = selection.contacts == ContactsToo::yes && is_business;
    batch.end_customer(has_contacts ? add_contacts(database, id, batch) : 0);
  }
}

/// Reads batches by threads with a connection each, ahead of whoever visits them in their order.
class Readers {
 public:
  Readers(std::filesystem::path path, const Selection& selection, Ids& ids)
      : m_path(std::move(path)), m_selection(selection), m_ids(ids) {
    for (std::thread& thread : m_threads) {
      try {
        thread = std::thread([this] { work(); });
      } catch (const std::system_error&) {
        if (&thread == m_threads.begin()) throw;
        break;  // the one that runs does it all
      }
    }
  }
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  ~Readers() {
    {
      const std::lock_guard lock(m_mutex);
      m_stops = true;
    }
    m_changed.notify_all();
    for (std::thread& thread : m_threads) {
      if (thread.joinable()) thread.join();
    }
  }

  void visit_all(const std::function<void(const CustomerText&)>& visit) {
    for (std::size_t number = 0;; ++number) {
      Slot& slot = slot_of(number);
      {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_failure || slot.state == State::full || (m_is_end && number == m_taken); });
        if (m_failure) std::rethrow_exception(m_failure);
        if (slot.state != State::full) return;
      }
      slot.batch.visit(visit);
      set(slot, State::free);
    }
  }

 private:
  enum class State { free, filling, full };
  struct Slot {
    Batch batch;
    State state = State::free;
  };

  Slot& slot_of(std::size_t number) { return m_slots[number % m_slots.size()]; }

  void set(Slot& slot, State state) {
    {
      const std::lock_guard lock(m_mutex);
      slot.state = state;
    }
    m_changed.notify_all();
  }

  /// The place of the next batch, with its ids; null at the end.
  Slot* take(Connection& database, std::vector<std::int64_t>& ids) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_stops || m_is_end || slot_of(m_taken).state == State::free; });
    if (m_stops || m_is_end) return nullptr;
    ids = m_ids.take(database);
    m_is_end = ids.empty();
    if (m_is_end) return nullptr;
    Slot& slot = slot_of(m_taken++);
    slot.state = State::filling;
    return &slot;
  }

  void work() {
    try {
      Connection database = open_database(m_path);
      std::vector<std::int64_t> ids;
      while (Slot* slot = take(database, ids)) {
        read_customers(database, m_selection, ids, slot->batch);
        set(*slot, State::full);
      }
    } catch (...) {
      const std::lock_guard lock(m_mutex);
      m_failure = std::current_exception();
    }
    m_changed.notify_all();
  }

  const std::filesystem::path m_path;
  const Selection& m_selection;
  Ids& m_ids;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::array<Slot, 8> m_slots;
  std::size_t m_taken = 0;  ///< batches that are read, or being read
  bool m_is_end = false, m_stops = false;
  std::exception_ptr m_failure;
  std::array<std::thread, 2> m_threads;  // last: they use what stands above
};

}  // namespace

void each_customer_text(Connection& database, const std::filesystem::path& path, const CustomerFilter& filter,
                        ContactsToo contacts, Time now, const std::function<void(const CustomerText&)>& visit) {
  const Selection selection{filter, contacts, now};
  Ids ids(selection);
  Batch batch;
  std::vector<std::int64_t> found;
  do {
    found = ids.take(database);
    read_customers(database, selection, found, batch);
    batch.visit(visit);
  } while (path.empty() && !found.empty());
  // Those of a small customer base have been read by now.
  if (found.size() == batch_size) Readers(path, selection, ids).visit_all(visit);
}

}  // namespace kundehub::sqlite
