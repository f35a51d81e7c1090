#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/completion/typed_line.hpp"
#include "cli/session.hpp"
#include "core/model/known_name.hpp"

namespace kundehub::cli {

struct Candidates;

/// Names of records as candidates. Each function adds those that begin with `typed`; nothing if the database is not
/// there, is busy or unsound.
class DatabaseNames {
 public:
  DatabaseNames(Candidates& candidates, const TypedLine& line, Session& session)
      : m_candidates(candidates), m_line(line), m_session(session) {}

  /// Numbers, and `id:N`, `cvr:NNNNNNNN`, `email:ADDRESS` once they are begun.
  void add_customers(std::string_view typed);
  void add_numbers(std::string_view typed);

  /// Addresses, and `contact:N` once it is begun; of the line's customer, if it names one.
  void add_contacts(std::string_view typed);
  void add_addresses(std::string_view typed);

  void add_customers_and_contacts(std::string_view typed);
  void add_modules(std::string_view typed);
  void add_tags(std::string_view typed);
  void add_operations(std::string_view typed);

 private:
  enum class Whose { anybody, customer_of_line };

  void attempt(const std::function<void()>& read);
  void add(NameKind kind, std::string_view prefix, std::string_view typed, Whose whose = Whose::anybody);
  bool add_prefixed(NameKind kind, std::string_view prefix, std::string_view typed, Whose whose = Whose::anybody);
  std::optional<CustomerId> customer_of_line();

  Candidates& m_candidates;
  const TypedLine& m_line;
  Session& m_session;
};

}  // namespace kundehub::cli
