#include "cli/completion/database_names.hpp"

#include <exception>

#include <fmt/format.h>

#include "cli/completion/candidates.hpp"
#include "core/service/lookup.hpp"

namespace kundehub::cli {
namespace {

std::string describe(const KnownName& known) {
  if (known.whose.empty() || known.customer.empty()) return known.whose + known.customer;
  return fmt::format("{}, {}", known.whose, known.customer);
}

}  // namespace

/// What keeps the database from being read is told by the command itself, once the line is complete.
void DatabaseNames::attempt(const std::function<void()>& read) {
  try {
    read();
  } catch (const std::exception&) {
    return;
  }
}

/// Throws as find_customer.
std::optional<CustomerId> DatabaseNames::customer_of_line() {
  const std::optional<std::string> customer = m_line.customer();
  return customer ? std::optional(find_customer(m_session.glance(), *customer).id) : std::nullopt;
}

/// `prefix`: stands before each of the names, in the candidates only.
void DatabaseNames::add(NameKind kind, std::string_view prefix, std::string_view typed, Whose whose) {
  attempt([&] {
    NameQuery query{.kind = kind, .prefix = std::string(typed)};
    if (whose == Whose::customer_of_line) query.customer = customer_of_line();
    for (const KnownName& known : m_session.glance().find_names(query))
      m_candidates.words.push_back({fmt::format("{}{}", prefix, known.name), describe(known)});
  });
}

/// For `id:` and the like: false if `typed` does not begin with it. Of `i` it makes `id:`.
bool DatabaseNames::add_prefixed(NameKind kind, std::string_view prefix, std::string_view typed, Whose whose) {
  if (typed.starts_with(prefix)) {
    add(kind, prefix, typed.substr(prefix.size()), whose);
    return true;
  }
  if (!typed.empty()) offer(m_candidates, typed, prefix);
  return false;
}

void DatabaseNames::add_customers(std::string_view typed) {
  const bool is_other = add_prefixed(NameKind::customer_id, "id:", typed) ||
                        add_prefixed(NameKind::customer_cvr, "cvr:", typed) ||
                        add_prefixed(NameKind::customer_email, "email:", typed);
  if (!is_other) add_numbers(typed);
}

void DatabaseNames::add_numbers(std::string_view typed) {
  add(NameKind::customer_number, "", typed);
}

void DatabaseNames::add_contacts(std::string_view typed) {
  if (!add_prefixed(NameKind::contact_id, "contact:", typed, Whose::customer_of_line))
    add(NameKind::contact_email, "", typed, Whose::customer_of_line);
}

void DatabaseNames::add_addresses(std::string_view typed) {
  add(NameKind::contact_email, "", typed);
}

void DatabaseNames::add_customers_and_contacts(std::string_view typed) {
  add_customers(typed);
  add_contacts(typed);
}

void DatabaseNames::add_modules(std::string_view typed) {
  attempt([&] {
    for (const Module& module : m_session.glance().modules())
      offer(m_candidates, typed, module.key, module.title(m_line.language()));
  });
}

void DatabaseNames::add_tags(std::string_view typed) {
  add(NameKind::tag, "", typed);
}

void DatabaseNames::add_operations(std::string_view typed) {
  constexpr std::string_view prefix = "op:";
  if (prefix.starts_with(typed)) {
    add(NameKind::operation_id, prefix, "");
  } else {
    add_prefixed(NameKind::operation_id, prefix, typed);
  }
}

}  // namespace kundehub::cli
